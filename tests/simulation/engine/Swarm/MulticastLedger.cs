using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// What was sent, to whom, confirmed and delivered in one use of a multicast flow: each destination, in each of its lives, gets
/// what was for it once, in order and without a gap, in its first life from the first on. Where it was taken out, what came before and
/// had not been delivered may come or not: of that it gets what comes first, up to some message, and nothing behind.
/// </summary>
internal sealed class MulticastLedger(MulticastUse use)
{
    private readonly List<(int Size, uint Places)> _sent = [];
    private readonly Dictionary<int, Seen> _seen = [];
    private readonly Dictionary<int, List<ulong>> _breaks = [];
    private ulong _confirmed;
    private bool _isEnded;

    public MulticastUse Use => use;

    /// <summary>Accepted, of a living flow, and not confirmed.</summary>
    public long Outstanding => _isEnded ? 0 : _sent.Count - (long)_confirmed;

    public void Accept(int size, uint places) => _sent.Add((size, places));

    public void End() => _isEnded = true;

    /// <summary>A destination is taken out: what it gets goes on behind the last message, at the latest.</summary>
    public void TakeOut(int place)
    {
        if (!_breaks.TryGetValue(place, out var breaks))
            _breaks[place] = breaks = [];
        breaks.Add((ulong)_sent.Count);
    }

    /// <summary>What is wrong with a message that came, or null.</summary>
    public string? Deliver(int place, BootEpoch life, bool isSameLife, ulong number, ulong index, int size)
    {
        if (index == 0 || index > (ulong)_sent.Count || (_sent[(int)index - 1].Places & (1u << place)) == 0)
            return $"{use}: message {index} came to n{place + 1} and was not for it";
        var isNew = !_seen.TryGetValue(place, out var seen) || seen.Life < life;
        if (isNew)
            _seen[place] = seen = new Seen { Life = life, Next = isSameLife ? 1 : index };
        if (seen!.Life != life)
            return $"{use}: message {index} came to {life} of n{place + 1} after {seen.Life}";
        var expected = NextFor(place, seen.Next);
        if (index != expected && !BreaksFrom(place, seen.Next).Contains(index))
            return $"{use}: message {index} came to n{place + 1} when {expected} was due";
        if (number != ++seen.Count)
            return $"{use}: message {index} came to n{place + 1} as number {number} after {seen.Count - 1}";
        if (size != _sent[(int)index - 1].Size)
            return $"{use}: message {index} came to n{place + 1} with {size} bytes and was sent with {_sent[(int)index - 1].Size}";
        seen.Next = index + 1;
        return null;
    }

    /// <summary>The origin was told that so many messages are with all. What is wrong with that, for those that <paramref name="isSame"/> lists, or null.</summary>
    public string? Confirm(ulong messages, Func<int, bool> isSame)
    {
        if (messages < _confirmed || messages > (ulong)_sent.Count)
            return $"{use}: {messages} messages were confirmed, after {_confirmed}, of {_sent.Count}";
        _confirmed = messages;
        foreach (var place in use.Flow.To.Where(isSame))
        {
            var next = _seen.TryGetValue(place, out var seen) ? seen.Next : 1;
            var due = BreaksFrom(place, next).Append(NextFor(place, next)).Max();
            if (due <= messages)
                return $"{use}: {messages} messages were confirmed when n{place + 1} still had to get {due}";
        }

        return null;
    }

    public override string ToString() => $"{use}: {_sent.Count} accepted, {_confirmed} confirmed, next {string.Join(' ', _seen.Select(seen => $"n{seen.Key + 1} {seen.Value.Next}"))}";

    /// <summary>Where a destination may go on that had got what lies before an index, as it was taken out.</summary>
    private IEnumerable<ulong> BreaksFrom(int place, ulong next) =>
        _breaks.GetValueOrDefault(place, []).Where(last => last >= next).Select(last => NextFor(place, last + 1));

    /// <summary>The first message from an index on that is for a place; beyond all when none is.</summary>
    private ulong NextFor(int place, ulong index)
    {
        while (index <= (ulong)_sent.Count && (_sent[(int)index - 1].Places & (1u << place)) == 0)
            index++;
        return index <= (ulong)_sent.Count ? index : ulong.MaxValue;
    }

    private sealed class Seen
    {
        public required BootEpoch Life { get; init; }

        /// <summary>The index behind the last that came.</summary>
        public required ulong Next { get; set; }

        public ulong Count { get; set; }
    }
}
