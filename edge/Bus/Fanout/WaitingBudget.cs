namespace WeCan.Edge.Bus.Fanout;

/// <summary>What all subscriptions of a session may keep waiting together: whoever has thousands of them has no more than who has some.</summary>
internal sealed class WaitingBudget
{
    private long _taken;

    public bool IsSpent => _taken > BusLimits.MaxWaitingOfSession;

    public void Take(int bytes) => _taken += bytes;

    public void Return(int bytes) => _taken -= bytes;
}
