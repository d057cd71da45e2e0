using WeCan.Contracts;
using WeCan.Protocol.Sealing;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Sealing with one peer, as the transport sees it: as a transmit item it sends the handshakes, in a lane of its own, as
/// the peer's other lanes stand still until a session is there. When none comes about for as long as an unreachable
/// destination is waited for, the flows that wait are told.
/// </summary>
internal sealed class SealingItem(TransportShared shared, Peer peer, PeerSealing sealing)
    : TransmitItem(new Lane(peer.Id, TransportTransmit.NoRoute, ServiceClass.Control, TransportLimits.ControlPriority, new PathWindow(shared.Counters)))
{
    private int _sessions;

    public PeerSealing Sealing { get; } = sealing;

    public override bool WantsToSend => Sealing.HasMessage;

    /// <summary>Something is to be sent that no session seals.</summary>
    public bool LacksSession => !Sealing.WantedSince.IsNever;

    private MonoTime GivesUpAt => Sealing.WantedSince.IsNever ? MonoTime.Never : Sealing.WantedSince + shared.Options.UnreachableTimeout;

    /// <summary>Whether packets to the peer can go. If not, a handshake is under way.</summary>
    public bool MaySeal(MonoTime now)
    {
        var maySeal = Sealing.MaySeal(now);
        if (!maySeal || Sealing.HasMessage)
            Refresh();
        return maySeal;
    }

    /// <summary>A packet was opened: the first of a session changes what is to be done, and an empty one is answered.</summary>
    public void OnOpened()
    {
        if (Sealing.HasMessage || Sealing.Sessions != _sessions)
            Refresh();
    }

    /// <summary>After anything that may have changed what there is to send, or when.</summary>
    public void Refresh()
    {
        shared.Counters.SealingSessions += Sealing.Sessions - _sessions;
        _sessions = Sealing.Sessions;
        if (Sealing.HasMessage)
            shared.Scheduler.Wake(this);
        shared.Timers.Set(this, MonoTime.Min(Sealing.NextTimeout, GivesUpAt));
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = new TransportTransmit(peer.Id, TransportTransmit.NoRoute, ServiceClass.Control, TransportLimits.ControlPriority, MonoTime.Never);
        var written = Sealing.TryWrite(now, buffer, out length);
        Refresh();
        return written;
    }

    public override void HandleTimeout(MonoTime now)
    {
        if (GivesUpAt <= now)
            GiveUp(now);
        Sealing.HandleTimeout(now);
        Refresh();
    }

    private void GiveUp(MonoTime now)
    {
        Sealing.GiveUp();
        for (var flow = peer.Outbound.First; flow is not null;)
        {
            var next = flow.NextOfPeer;
            if (flow is OutboundFlow waiting and (RealtimeSender or { WantsToSend: true }))
                waiting.End(now, FlowEndReason.NotSealed);
            flow = next;
        }
    }
}
