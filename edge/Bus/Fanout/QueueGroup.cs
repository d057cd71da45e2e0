namespace WeCan.Edge.Bus.Fanout;

/// <summary>
/// Subscriptions of one name in one space, of which one gets each message, whatever patterns they have. All that it does for a message takes as long for
/// many members as for few.
/// </summary>
internal sealed class QueueGroup(string name)
{
    private readonly Dictionary<string, GroupPattern> _patterns = new(StringComparer.Ordinal);

    private readonly HashSet<Subscription> _stuck = [];
    private int _turn;

    public string Name { get; } = name;

    /// <summary>Of the message that is being dispatched: the patterns that match, whose members may have it.</summary>
    public List<GroupPattern> Matched { get; } = [];

    public bool IsEmpty => _patterns.Count == 0;

    /// <summary>The members with a pattern; <paramref name="isNew"/> when there were none.</summary>
    public GroupPattern Get(string pattern, out bool isNew)
    {
        isNew = !_patterns.TryGetValue(pattern, out var members);
        if (isNew)
            _patterns.Add(pattern, members = new(this, pattern));
        return members!;
    }

    public void Remove(GroupPattern pattern) => _patterns.Remove(pattern.Pattern);

    /// <summary>Who gets the message: of each pattern that matches the best, and of these the best. <see cref="Matched"/> is empty then.</summary>
    public Subscription Choose()
    {
        var first = _turn;
        _turn = (_turn + 1) & ushort.MaxValue;
        var best = Matched[first % Matched.Count].Choose();
        for (var index = 1; index < Matched.Count; index++)
        {
            var other = Matched[(first + index) % Matched.Count].Choose();
            if (other.Readiness > best.Readiness)
                best = other;
        }

        Matched.Clear();
        return best;
    }

    /// <summary>Something waits for a member that is away: it is for the next one who comes.</summary>
    public void Stick(Subscription member) => _stuck.Add(member);

    public void Unstick(Subscription member) => _stuck.Remove(member);

    /// <summary>Members for whom something waited while nobody was there.</summary>
    public IReadOnlyList<Subscription> TakeStuck()
    {
        if (_stuck.Count == 0)
            return [];
        var stuck = _stuck.ToArray();
        _stuck.Clear();
        return stuck;
    }
}
