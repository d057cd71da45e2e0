using WeCan.Contracts;
using WeCan.Edge.Bus.Sessions;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Fanout;

/// <summary>
/// Brings a message to the subscriptions of this edge's clients: each session gets it once, with all of its subscriptions that want it. A
/// subscription that may have no more keeps its own copy, and holds up nobody.
/// </summary>
internal sealed class Dispatcher(ulong seed)
{
    public const int Overfull = -1;

    private readonly SubjectTree<Subscription> _tree = new(seed);
    private readonly List<BusSession> _touched = [];

    public int Count => _tree.Count;

    public void Add(ReadOnlySpan<byte> pattern, Subscription subscription) => subscription.Entry = _tree.Add(pattern, subscription, out _);

    public void Remove(Subscription subscription) => _tree.Remove(subscription.Entry);

    /// <summary>
    /// How many subscriptions it is for, or <see cref="Overfull"/> when one of them pushes back and can take no more: then nobody has it. What
    /// comes without a publisher who could wait goes to all.
    /// </summary>
    public int Dispatch(MonoTime now, in BusMessage message)
    {
        var collector = new Collector(_touched);
        _tree.Match(message.Subject, ref collector);
        var isRefused = collector.IsOverfull && message.Source is not null;
        foreach (var session in _touched)
        {
            if (isRefused)
                session.Subscriptions.Matched.Clear();
            else
                session.Subscriptions.Deliver(now, message);
        }

        _touched.Clear();
        return isRefused ? Overfull : collector.Count;
    }

    private struct Collector(List<BusSession> touched) : IMatchVisitor<Subscription>
    {
        public int Count;
        public bool IsOverfull;

        public void Visit(Subscription value)
        {
            Count++;
            IsOverfull |= value.IsOverfull;
            if (value.Session.Subscriptions.Matched.Count == 0)
                touched.Add(value.Session);
            value.Session.Subscriptions.Matched.Add(value);
        }
    }
}
