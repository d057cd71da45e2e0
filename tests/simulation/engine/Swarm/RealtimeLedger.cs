using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>When what was sent and delivered in one use of a Realtime flow, and what that must satisfy.</summary>
/// <param name="allowance">How late a message may come by the errors of the clock offsets on its way.</param>
internal sealed class RealtimeLedger(FlowUse use, MonoTime openedAt, Duration allowance)
{
    private readonly List<Sent> _sent = [];
    private BootEpoch _lastLife;
    private MonoTime _lastAt;

    public FlowUse Use => use;

    public MonoTime OpenedAt => openedAt;

    public int Accepted => _sent.Count;

    public int Delivered { get; private set; }

    /// <summary>The origin is dead, or was told that the flow is over.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>When a life of the destination got the last message so far; Never if it has none.</summary>
    public MonoTime LastAt(BootEpoch life) => _lastLife == life ? _lastAt : MonoTime.Never;

    public void End() => IsEnded = true;

    public void Accept(MonoTime now, int size) => _sent.Add(new(now, size, BootEpoch.None));

    /// <summary>
    /// A message came to a life of the destination. What is wrong with that, or null. It may come again to a later life, which
    /// knows nothing of the one before: a relay that never heard that it had arrived sends it another way.
    /// </summary>
    public string? Deliver(MonoTime now, BootEpoch life, ulong number, int size, Func<Duration> moreError)
    {
        if (number == 0 || number > (ulong)_sent.Count)
            return $"{use}: message {number} came, and only {_sent.Count} were sent";
        var sent = _sent[(int)number - 1];
        if (sent.DeliveredTo >= life)
            return $"{use}: message {number} came twice";
        if (sent.Size != size)
            return $"{use}: message {number} came with {size} bytes and was sent with {sent.Size}";
        var age = now - sent.At;
        if (age > use.Flow.Deadline + allowance && age > use.Flow.Deadline + allowance + moreError())
            return $"{use}: message {number} came {age} after it was sent, over its deadline of {use.Flow.Deadline} and {allowance} of clock error";
        _sent[(int)number - 1] = sent with { DeliveredTo = life };
        (_lastLife, _lastAt) = (life, now);
        Delivered += sent.DeliveredTo == BootEpoch.None ? 1 : 0;
        return null;
    }

    /// <summary>Of the messages sent since then: how many, and how many of them came.</summary>
    public (int Sent, int Delivered) Since(MonoTime then)
    {
        var late = _sent.Where(sent => sent.At >= then).ToList();
        return (late.Count, late.Count(sent => sent.DeliveredTo != BootEpoch.None));
    }

    private readonly record struct Sent(MonoTime At, int Size, BootEpoch DeliveredTo);
}
