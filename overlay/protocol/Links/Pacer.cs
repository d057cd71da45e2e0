using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// Spaces datagrams to a rate, in quanta of max(2 packets, min(64 KiB, 1 ms of the rate)), so that senders have
/// something to join. It holds one number: when all that was sent so far would have left at the exact rate.
/// </summary>
internal struct Pacer
{
    private const int MaxQuantum = 64 * 1_024;
    private const int MinQuantum = 2 * Wire.WireLimits.FullDatagram;

    private MonoTime _virtualTime;

    /// <summary>When the next datagram may go: now or before, if at once.</summary>
    public readonly MonoTime NextAt => _virtualTime;

    public readonly bool MaySend(MonoTime now) => _virtualTime <= now;

    public void OnSent(MonoTime now, int bytes, Bandwidth rate)
    {
        if (rate.BitsPerSecond <= 0)
            return;
        var quantum = Math.Clamp(rate.BytesIn(Duration.FromMilliseconds(1)), MinQuantum, MaxQuantum);
        var earliest = now - rate.TimeFor(quantum);
        _virtualTime = MonoTime.Max(_virtualTime, earliest) + rate.TimeFor(bytes);
    }
}
