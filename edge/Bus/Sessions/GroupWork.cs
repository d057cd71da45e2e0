using WeCan.Edge.Bus.Fanout;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>
/// What a session was sent as a member of queue groups, until its client has said that it has it: with the session, or the
/// subscription, all that is left goes to other members. As much as the session may be sent without receiving it, and no more.
/// </summary>
internal sealed class GroupWork
{
    private Queue<(ulong Frame, Subscription Member, WaitingMessage Message)> _sent = new();

    /// <summary>The message lies in the frame of this number, counted from 1.</summary>
    public void Add(ulong frame, Subscription member, WaitingMessage message) => _sent.Enqueue((frame, member, message));

    /// <summary>The client has the first so many frames.</summary>
    public void Forget(ulong received)
    {
        while (_sent.TryPeek(out var oldest) && oldest.Frame <= received)
            _sent.Dequeue();
    }

    /// <summary>All that is left, of members that are over among others.</summary>
    public IReadOnlyList<(Subscription Member, WaitingMessage Message)> TakeAll()
    {
        var taken = _sent.Select(one => (one.Member, one.Message)).ToArray();
        _sent.Clear();
        return taken;
    }

    /// <summary>What a member was sent and does not have, so far as the client has said; it is nobody's from now on.</summary>
    public List<WaitingMessage> Take(Subscription member)
    {
        var taken = new List<WaitingMessage>();
        if (_sent.Count == 0)
            return taken;
        var kept = new Queue<(ulong Frame, Subscription Member, WaitingMessage Message)>();
        foreach (var one in _sent)
        {
            if (one.Member == member)
                taken.Add(one.Message);
            else
                kept.Enqueue(one);
        }

        _sent = kept;
        return taken;
    }
}
