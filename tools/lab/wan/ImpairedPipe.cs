using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>
/// One impaired direction with its packets: a <see cref="LinkModel"/> in front of a <see cref="DelayLine"/>. Put before a
/// socket it makes a bad egress out of a good one, for any addresses. The owner of the socket drives it from one thread:
/// it enqueues instead of sending, and sends what is due. Time must not go back.
/// </summary>
public sealed class ImpairedPipe
{
    private readonly LinkModel _link;
    private readonly DelayLine _line;

    public ImpairedPipe(LinkSettings settings, ulong seed, int mtu = WanLimits.DefaultMtu, int capacity = WanLimits.MaxInFlight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        _link = new(settings, seed, mtu);
        _line = new(capacity);
    }

    /// <summary>May change at any time; what is under way keeps its arrival time.</summary>
    public LinkSettings Settings
    {
        get => _link.Settings;
        set => _link.Settings = value;
    }

    public LinkCounters Counters => _link.Counters;

    public MonoTime NextDue => _line.NextDue;

    public PacketFate Enqueue(MonoTime now, NetAddress from, NetAddress to, ReadOnlySpan<byte> datagram)
    {
        if (_line.Free < 2)
            return PacketFate.Full;
        var verdict = _link.Offer(now, datagram.Length + WanLimits.IpUdpHeader);
        if (verdict.Fate != PacketFate.Carried)
            return verdict.Fate;
        var route = new PacketRoute(from, to);
        _line.TryEnqueue(verdict.Due, route, datagram, verdict.CorruptBit);
        if (verdict.IsDuplicated)
            _line.TryEnqueue(verdict.DuplicateDue, route, datagram, verdict.CorruptBit);
        return PacketFate.Carried;
    }

    public bool TryDequeue(MonoTime now, out Delivery delivery)
    {
        if (!_line.TryDequeue(now, out delivery))
            return false;
        _link.CountArrival(delivery.Datagram.Length + WanLimits.IpUdpHeader, received: true);
        return true;
    }
}
