using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>What was sent, confirmed and delivered in one use of a Signal or Bulk flow, and what that must satisfy.</summary>
internal sealed class StreamLedger(FlowUse use, MonoTime openedAt)
{
    private readonly List<int> _sizes = [];
    private readonly List<Delivered> _lives = [];

    public FlowUse Use => use;

    public MonoTime OpenedAt => openedAt;

    public ulong Accepted => (ulong)_sizes.Count;

    public ulong Confirmed { get; private set; }

    /// <summary>The origin was told of the end, or is dead.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Accepted, of a living flow, and not confirmed.</summary>
    public long Outstanding => IsEnded ? 0 : (long)(Accepted - Confirmed);

    /// <summary>When a life of the destination got the first message; Never if it has none.</summary>
    public MonoTime BeganAt(BootEpoch life) => _lives.Find(seen => seen.Life == life)?.BeganAt ?? MonoTime.Never;

    public int SizeOf(ulong number) => _sizes[(int)number - 1];

    public void Accept(int size) => _sizes.Add(size);

    public void End() => IsEnded = true;

    /// <summary>The destination's life has got its first message. What is wrong with that, or null.</summary>
    public string? Begin(MonoTime now, BootEpoch life, FlowId flow)
    {
        foreach (var earlier in _lives)
        {
            if (earlier.Life >= life)
                return $"{use} began again in life {life} of its destination, after life {earlier.Life}";
            if (earlier.Flow != flow)
                return $"{use} came as {earlier.Flow} and comes as {flow}";
        }

        _lives.Add(new(now, life, flow));
        return null;
    }

    /// <summary>A message came. What is wrong with its number and size, or null.</summary>
    public string? Deliver(BootEpoch life, ulong number, int size)
    {
        var seen = _lives.Find(seen => seen.Life == life)!;
        if (number != seen.Count + 1)
            return $"{use}: message {number} came after {seen.Count}";
        if (number > Accepted)
            return $"{use}: message {number} came, and only {Accepted} were sent";
        if (size != SizeOf(number))
            return $"{use}: message {number} came with {size} bytes and was sent with {SizeOf(number)}";
        seen.Count++;
        return null;
    }

    /// <summary>The origin was told that so many messages are at the destination. What is wrong with that, or null.</summary>
    public string? Confirm(ulong messages)
    {
        if (messages < Confirmed || messages > Accepted)
            return $"{use}: {messages} messages were confirmed, after {Confirmed}, of {Accepted}";
        Confirmed = messages;
        var most = _lives.Count == 0 ? 0 : _lives.Max(seen => seen.Count);
        return messages > most && !use.Flow.SlowReader ? $"{use}: {messages} messages were confirmed when {most} had been delivered" : null;
    }

    /// <summary>When all is calm: whether a living destination got less than it confirmed.</summary>
    public string? Settle(BootEpoch destination)
    {
        var isLast = _lives.Count == 0 ? destination.Value == 1 : _lives[^1].Life == destination;
        var delivered = _lives.Count == 0 ? 0 : _lives[^1].Count;
        return !IsEnded && isLast && delivered < Confirmed ? $"{use}: {Confirmed} messages were confirmed, and {destination} got {delivered} of them" : null;
    }

    public override string ToString() =>
        $"{use}: {Accepted} accepted, {Confirmed} confirmed, delivered {string.Join(" then ", _lives.Select(seen => $"{seen.Count} in {seen.Life} as {seen.Flow}"))}";

    private sealed class Delivered(MonoTime beganAt, BootEpoch life, FlowId flow)
    {
        public MonoTime BeganAt { get; } = beganAt;

        public BootEpoch Life { get; } = life;

        public FlowId Flow { get; } = flow;

        public ulong Count { get; set; }
    }
}
