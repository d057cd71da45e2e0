using WeCan.Contracts;
using WeCan.Protocol.Sealing;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Sealing with one peer, as the transport sees it: as a transmit item it sends the handshakes, in a lane of its own, as
/// the peer's other lanes stand still until a session is there. A flow that has waited for one as long as an unreachable
/// destination is waited for is told, by its own time; what else waits, or did before, is nothing to it.
/// </summary>
internal sealed class SealingItem(TransportShared shared, Peer peer, PeerSealing sealing)
    : TransmitItem(new Lane(peer.Id, TransportTransmit.NoRoute, ServiceClass.Control, TransportLimits.ControlPriority, new PathWindow(shared.Counters)))
{
    private int _sessions;
    private MonoTime _givesUpAt = MonoTime.Never;

    public PeerSealing Sealing { get; } = sealing;

    public override bool WantsToSend => Sealing.HasMessage;

    /// <summary>Something is to be sent that no session seals.</summary>
    public bool LacksSession => !Sealing.WantedSince.IsNever;

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
        if (!LacksSession)
            _givesUpAt = MonoTime.Never;
        else if (_givesUpAt.IsNever)
            _givesUpAt = Sealing.WantedSince + shared.Options.UnreachableTimeout;
        shared.Timers.Set(this, MonoTime.Min(Sealing.NextTimeout, _givesUpAt));
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
        if (_givesUpAt <= now)
            GiveUp(now);
        Sealing.HandleTimeout(now);
        Refresh();
    }

    /// <summary>Ends the flows that have waited too long; when none waits any more, no session is sought.</summary>
    private void GiveUp(MonoTime now)
    {
        _givesUpAt = MonoTime.Never;
        for (var flow = peer.Outbound.First; flow is not null;)
        {
            var next = flow.NextOfPeer;
            if (flow is OutboundFlow waiting && !waiting.WaitsSince.IsNever)
            {
                var due = MonoTime.Max(waiting.WaitsSince, Sealing.WantedSince) + shared.Options.UnreachableTimeout;
                if (due <= now)
                    waiting.End(now, FlowEndReason.NotSealed);
                else
                    _givesUpAt = MonoTime.Min(_givesUpAt, due);
            }

            flow = next;
        }

        if (_givesUpAt.IsNever)
            Sealing.GiveUp();
    }
}
