namespace WeCan.Edge.Bus.Fanout;

/// <summary>
/// What all subscriptions of a session may keep waiting together, and those of all sessions: whoever has thousands of them has no
/// more than who has some.
/// </summary>
internal sealed class WaitingBudget(long most, WaitingBudget? all = null)
{
    private long _taken;

    public bool IsSpent => _taken > most || all is { IsSpent: true };

    public void Take(int bytes)
    {
        _taken += bytes;
        all?.Take(bytes);
    }

    public void Return(int bytes)
    {
        _taken -= bytes;
        all?.Return(bytes);
    }
}
