using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Tells one origin how far its multicast flows came here: many flows in a packet, and each a few milliseconds after the
/// first segment that it has to tell of, so that an origin with a thousand destinations hears little from each.
/// </summary>
internal sealed class MulticastConfirmer : TransmitItem
{
    private readonly TransportShared _shared;
    private readonly Peer _peer;
    private readonly Queue<MulticastReceiver> _waiting = new();
    private bool _isDue;

    public MulticastConfirmer(TransportShared shared, Peer peer)
        : base(peer.Lane)
    {
        _shared = shared;
        _peer = peer;
    }

    public override bool WantsToSend => _isDue && _waiting.Count > 0;

    /// <summary>The flow has something to tell; with <paramref name="isUrgent"/> at once, and whoever waits goes along.</summary>
    public void Add(MonoTime now, MulticastReceiver flow, bool isUrgent)
    {
        if (!flow.IsConfirmQueued)
        {
            flow.IsConfirmQueued = true;
            _waiting.Enqueue(flow);
        }

        if (isUrgent)
            SendNow();
        else if (!_isDue && Due.IsNever)
            _shared.Timers.Set(this, now + TransportLimits.ConfirmDelay);
    }

    public override void HandleTimeout(MonoTime now)
    {
        Due = MonoTime.Never;
        SendNow();
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = new TransportTransmit(_peer.Id, TransportTransmit.NoRoute, ServiceClass.Control, TransportLimits.ControlPriority, MonoTime.Never);
        length = 0;
        var writer = new WireWriter(buffer[..TransportLimits.MaxPacket]);
        MulticastConfirmEntry.WriteHead(ref writer, _shared.Self, _peer.Life);
        while (writer.Room >= MulticastConfirmEntry.MaxLength && _waiting.TryDequeue(out var flow))
        {
            flow.IsConfirmQueued = false;
            if (!flow.IsEnded)
                flow.WriteConfirm(ref writer);
        }

        _isDue &= _waiting.Count > 0;
        if (writer.Length == MulticastConfirmEntry.HeadLength)
            return false;
        length = writer.Length;
        _shared.Counters.ConfirmsSent++;
        return true;
    }

    private void SendNow()
    {
        _isDue = true;
        if (!Due.IsNever)
            _shared.Timers.Remove(this);
        _shared.Scheduler.Wake(this);
    }
}
