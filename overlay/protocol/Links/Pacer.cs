using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// Spaces datagrams to a rate, in quanta of max(2 packets, min(64 KiB, 1 ms of the rate)), so that senders have
/// something to join. It knows when all that was sent so far would have left at the exact rate, and when the next may go: where a
/// quantum is several packets, who has used his up waits for half of one, as packets that go one by one cost a wake-up each.
/// </summary>
internal struct Pacer
{
    private const int MaxQuantum = 64 * 1_024;
    private const int MinQuantum = 2 * Wire.WireLimits.FullDatagram;

    /// <summary>From so many bytes in a quantum on, halves of it are worth waiting for: below, a wait would be longer than two packets.</summary>
    private const int HalvedQuantum = 2 * MinQuantum;

    private MonoTime _virtualTime;
    private MonoTime _resumesAt;

    /// <summary>When the next datagram may go: now or before, if at once.</summary>
    public readonly MonoTime NextAt => _resumesAt;

    public readonly bool MaySend(MonoTime now) => _resumesAt <= now;

    /// <summary>Bytes that may go at once after a pause, beside the datagram that goes beyond them.</summary>
    public static long QuantumOf(Bandwidth rate) => Math.Clamp(rate.BytesIn(Duration.FromMilliseconds(1)), MinQuantum, MaxQuantum);

    public void OnSent(MonoTime now, int bytes, Bandwidth rate)
    {
        if (rate.BitsPerSecond <= 0)
            return;
        var quantum = QuantumOf(rate);
        var quantumTime = rate.TimeFor(quantum);
        _virtualTime = MonoTime.Max(_virtualTime, now - quantumTime) + rate.TimeFor(bytes);
        var isUsedUp = _virtualTime > now && quantum >= HalvedQuantum;
        _resumesAt = isUsedUp ? _virtualTime + (quantumTime / 2) : _virtualTime;
    }
}
