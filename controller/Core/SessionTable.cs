using WeCan.Contracts;
using WeCan.Contracts.Control.Messages;
using WeCan.Controller.Sessions;

namespace WeCan.Controller.Core;

/// <summary>The sessions that are open, and which of them speaks for its node: one at most.</summary>
internal sealed class SessionTable
{
    private readonly HashSet<ControllerSession> _all = [];
    private readonly Dictionary<NodeId, ControllerSession> _speaking = [];

    public IEnumerable<ControllerSession> All => _all;

    public MonoTime NextTimeout
    {
        get
        {
            var next = MonoTime.Never;
            foreach (var session in _all)
                next = MonoTime.Min(next, session.NextTimeout);
            return next;
        }
    }

    public void Add(ControllerSession session) => _all.Add(session);

    public void Remove(ControllerSession session)
    {
        _all.Remove(session);
        if (_speaking.GetValueOrDefault(session.Number) == session)
            _speaking.Remove(session.Number);
    }

    /// <summary>
    /// Lets a session speak for its node, in the place of an earlier one. Not where a later life of the node speaks already:
    /// then two processes run with one key, and taking turns would only hide it.
    /// </summary>
    public bool TrySpeak(ControllerSession session)
    {
        if (_speaking.TryGetValue(session.Number, out var other) && other.End is null)
        {
            if (other.Hello!.Epoch > session.Hello!.Epoch)
                return false;
            other.Close(GoodbyeReason.Superseded, $"node {session.Number.Value} has connected anew", Duration.FromSeconds(60));
        }

        _speaking[session.Number] = session;
        return true;
    }

    public void Close(NodeId number, GoodbyeReason reason, string text)
    {
        foreach (var session in _all.Where(session => session.Number == number))
            session.Close(reason, text, Duration.FromSeconds(60));
    }
}
