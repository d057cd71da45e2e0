using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Tells a destination that a flow of ours is over, a few times or until it answers that it does not know the flow. Is
/// all of it lost, the destination's idle limit does the same later.
/// </summary>
internal sealed class EndNotice : TransmitItem
{
    private readonly TransportShared _shared;
    private readonly OutboundFlows _table;
    private readonly ResetPacket _notice;
    private readonly Duration _interval;
    private int _left = TransportLimits.EndRepeats;
    private bool _isDue = true;

    public EndNotice(TransportShared shared, OutboundFlows table, Peer peer, in ResetPacket notice, Duration interval)
        : base(peer.Lane)
    {
        _shared = shared;
        _table = table;
        Peer = peer;
        _notice = notice;
        _interval = interval;
        peer.Add(this);
    }

    public Peer Peer { get; }

    public uint Number => _notice.Flow;

    public override bool WantsToSend => _isDue && _left > 0;

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = new TransportTransmit(Peer.Id, TransportTransmit.NoRoute, ServiceClass.Control, TransportLimits.ControlPriority, MonoTime.Never);
        length = 0;
        if (!WantsToSend)
            return false;
        var writer = new WireWriter(buffer);
        _notice.Write(ref writer);
        length = writer.Length;
        _isDue = false;
        _shared.Counters.ResetsSent++;
        _shared.Timers.Set(this, now + (_interval * (1L << (TransportLimits.EndRepeats - _left--))));
        return true;
    }

    public override void HandleTimeout(MonoTime now)
    {
        if (_left == 0)
        {
            Stop();
            return;
        }

        _isDue = true;
        _shared.Scheduler.Wake(this);
    }

    /// <summary>The destination has answered, or is gone.</summary>
    public void Stop()
    {
        _left = 0;
        _shared.Timers.Remove(this);
        Peer.Remove(this);
        _table.Forget(this);
    }
}
