using WeCan.Contracts;
using WeCan.Edge.Bus.Sessions;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Fanout;

/// <summary>
/// Brings a message to the subscriptions of this edge's clients: each session gets it once, with all of its subscriptions that want it,
/// and each queue group in one of its members. A subscription that may have no more keeps its own copy, and holds up nobody.
/// </summary>
internal sealed class Dispatcher(ulong seed)
{
    public const int Overfull = -1;

    private readonly SubjectTree<Listener> _tree = new(seed);
    private readonly QueueGroups _groups = new();
    private readonly List<BusSession> _touched = [];
    private readonly List<QueueGroup> _touchedGroups = [];

    /// <summary>Subscriptions, members of groups among them.</summary>
    public int Count { get; private set; }

    /// <param name="pattern">What for.</param>
    /// <param name="group">The queue group's name, or nothing.</param>
    /// <param name="subscription">Whose.</param>
    public void Add(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> group, Subscription subscription)
    {
        Count++;
        Listener listener = subscription;
        var isNew = true;
        if (!group.IsEmpty)
            listener = _groups.Join(group, pattern, subscription, out isNew);
        if (isNew)
            listener.Entry = _tree.Add(pattern, listener, out _);
    }

    public void Remove(Subscription subscription)
    {
        Count--;
        if (subscription.Group is not { } group)
            _tree.Remove(subscription.Entry);
        else if (_groups.Leave(subscription))
            _tree.Remove(group.Entry);
    }

    /// <summary>
    /// How many it is for, a group as one, or <see cref="Overfull"/> when one of them pushes back and can take no more: then nobody has it. What
    /// comes without a publisher who could wait goes to all.
    /// </summary>
    public int Dispatch(MonoTime now, in BusMessage message)
    {
        var collector = new Collector(_touched, _touchedGroups);
        _tree.Match(message.Subject, ref collector);
        foreach (var group in _touchedGroups)
            collector.Add(group.Choose());
        _touchedGroups.Clear();
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

    /// <summary>Who else of a group may have a message to the subject; null when nobody may.</summary>
    public Subscription? Choose(QueueGroup group, ReadOnlySpan<byte> subject)
    {
        var collector = new GroupCollector(group.Name);
        _tree.Match(subject, ref collector);
        return collector.Found?.Choose();
    }

    /// <summary>A group of which nobody was left, and that somebody has joined anew, is the same one by its name.</summary>
    private struct GroupCollector(string name) : IMatchVisitor<Listener>
    {
        public QueueGroup? Found;

        public void Visit(Listener value)
        {
            if (value is not GroupPattern members || members.Group.Name != name)
                return;
            Found = members.Group;
            Found.Matched.Add(members);
        }
    }

    private struct Collector(List<BusSession> touched, List<QueueGroup> groups) : IMatchVisitor<Listener>
    {
        public int Count;
        public bool IsOverfull;

        public void Visit(Listener value)
        {
            if (value is Subscription subscription)
            {
                Add(subscription);
                return;
            }

            var members = (GroupPattern)value;
            if (members.Group.Matched.Count == 0)
                groups.Add(members.Group);
            members.Group.Matched.Add(members);
        }

        public void Add(Subscription subscription)
        {
            Count++;
            IsOverfull |= subscription.IsOverfull;
            if (subscription.Session.Subscriptions.Matched.Count == 0)
                touched.Add(subscription.Session);
            subscription.Session.Subscriptions.Matched.Add(subscription);
        }
    }
}
