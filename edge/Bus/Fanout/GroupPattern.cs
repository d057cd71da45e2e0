namespace WeCan.Edge.Bus.Fanout;

/// <summary>The members of a queue group that have the same pattern, in turn.</summary>
internal sealed class GroupPattern(QueueGroup group, string pattern) : Listener
{
    private readonly List<Subscription> _members = [];
    private int _next;

    public QueueGroup Group { get; } = group;

    public string Pattern { get; } = pattern;

    public int Count => _members.Count;

    public void Add(Subscription member)
    {
        member.GroupPlace = _members.Count;
        _members.Add(member);
    }

    public void Remove(Subscription member)
    {
        var last = _members[^1];
        _members[member.GroupPlace] = last;
        last.GroupPlace = member.GroupPlace;
        _members.RemoveAt(_members.Count - 1);
    }

    /// <summary>The readiest of the next few, or of so many that one who is there is among them; of those that are equally ready the one whose turn it is.</summary>
    public Subscription Choose()
    {
        _next = _next >= _members.Count ? 0 : _next;
        var (best, place) = (_members[_next], _next);
        for (var step = 1; step < _members.Count && (step < BusLimits.GroupLook || best.Session.Connection is null); step++)
        {
            var at = (_next + step) % _members.Count;
            if (_members[at].Readiness > best.Readiness)
                (best, place) = (_members[at], at);
        }

        _next = place + 1;
        return best;
    }
}
