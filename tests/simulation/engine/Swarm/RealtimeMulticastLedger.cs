using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>What was sent, to whom, and delivered in one use of a Realtime flow to many, and what that must satisfy.</summary>
/// <param name="allowance">How late a message may come by the errors of the clock offsets on its way.</param>
internal sealed class RealtimeMulticastLedger(MulticastUse use, Duration allowance)
{
    private readonly List<Sent> _sent = [];
    private readonly Dictionary<(ulong Index, int Place), BootEpoch> _delivered = [];

    public MulticastUse Use => use;

    /// <summary>A message was accepted for an audience, which those before it get too that have not gone out.</summary>
    public void Accept(MonoTime now, int size, uint places)
    {
        _sent.Add(new(now, size, places));
        for (var i = _sent.Count - 2; i >= 0 && _sent[i].At + use.Flow.Deadline >= now; i--)
            _sent[i] = _sent[i] with { MayGoTo = _sent[i].MayGoTo | places };
    }

    /// <summary>What is wrong with a message that came, or null. A later life of a destination knows nothing of the one before.</summary>
    public string? Deliver(MonoTime now, int place, BootEpoch life, ulong index, int size)
    {
        if (index == 0 || index > (ulong)_sent.Count)
            return $"{use}: Realtime message {index} came, and only {_sent.Count} were sent";
        var sent = _sent[(int)index - 1];
        if ((sent.MayGoTo & (1u << place)) == 0)
            return $"{use}: Realtime message {index} came to n{place + 1} and was not for it";
        if (_delivered.TryGetValue((index, place), out var last) && last >= life)
            return $"{use}: Realtime message {index} came twice to n{place + 1}";
        if (size != sent.Size)
            return $"{use}: Realtime message {index} came with {size} bytes and was sent with {sent.Size}";
        if (now - sent.At > use.Flow.Deadline + allowance)
            return $"{use}: Realtime message {index} came to n{place + 1} {now - sent.At} after it was sent, over its deadline of {use.Flow.Deadline} and {allowance} of clock error";
        _delivered[(index, place)] = life;
        return null;
    }

    /// <summary>Of the messages for a place that were sent since then: how many, and how many of them came.</summary>
    public (int Sent, int Delivered) Since(MonoTime then, int place)
    {
        var (sent, delivered) = (0, 0);
        for (var i = _sent.Count - 1; i >= 0 && _sent[i].At >= then; i--)
        {
            if ((_sent[i].Places & (1u << place)) == 0)
                continue;
            sent++;
            delivered += _delivered.ContainsKey(((ulong)i + 1, place)) ? 1 : 0;
        }

        return (sent, delivered);
    }

    private readonly record struct Sent(MonoTime At, int Size, uint Places)
    {
        /// <summary>Those and whoever came to the audience while it may have waited.</summary>
        public uint MayGoTo { get; init; } = Places;
    }
}
