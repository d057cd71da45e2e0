using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Tells one origin how its Realtime packets arrive: every <see cref="PathLimits.ReportInterval"/> while they come,
/// all of its flows together, over the routes to it in turn. At most <see cref="PathLimits.ReportPackets"/> packets an
/// interval; flows that find no room in them come first in the next, and lose nothing by it, as what an entry tells is
/// counted on.
/// </summary>
internal sealed class PathReporter(TransportShared shared, Peer peer) : TransmitItem(peer.Lane)
{
    private const int SmallestRoom = (WireLimits.MaxRoutes * ReportPacket.MaxEntryLength) + 1;

    private readonly Queue<RealtimeReceiver> _flows = new();
    private MonoTime _lastRound;
    private bool _isArmed;
    private int _packets;
    private int _roundFlows;
    private int _route = TransportTransmit.NoRoute;

    public override bool WantsToSend => _packets > 0 && _roundFlows > 0;

    /// <summary>The flow has something to report. It stands in the line once, until <see cref="RealtimeReceiver.WriteReport"/> took it out.</summary>
    public void Add(MonoTime now, RealtimeReceiver flow)
    {
        _flows.Enqueue(flow);
        if (!_isArmed && _packets == 0)
            Arm(now);
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = default;
        length = 0;
        if (!WantsToSend)
            return false;
        var writer = new WireWriter(buffer[..WireLimits.MaxSegment]);
        new ReportPacket(shared.Self, peer.Life).Write(ref writer);
        var entries = 0;
        while (_roundFlows > 0 && entries <= ReportPacket.MaxEntries - WireLimits.MaxRoutes && writer.Room >= SmallestRoom)
        {
            _roundFlows--;
            entries += _flows.Dequeue().WriteReport(ref writer);
        }

        _packets--;
        if (!WantsToSend)
            EndRound(now);
        if (entries == 0)
            return false;
        _route = peer.Routes.After(_route);
        transmit = new TransportTransmit(peer.Id, _route, ServiceClass.Control, TransportLimits.ControlPriority, MonoTime.Never);
        length = writer.Length;
        shared.Counters.ReportsSent++;
        return true;
    }

    public override void HandleTimeout(MonoTime now)
    {
        _isArmed = false;
        _lastRound = now;
        _packets = PathLimits.ReportPackets;
        _roundFlows = _flows.Count;
        shared.Scheduler.Wake(this);
    }

    private void EndRound(MonoTime now)
    {
        _packets = 0;
        _roundFlows = 0;
        if (_flows.Count > 0)
            Arm(now);
    }

    private void Arm(MonoTime now)
    {
        _isArmed = true;
        var due = _lastRound + PathLimits.ReportInterval;
        shared.Timers.Set(this, due > now ? due : now + PathLimits.ReportInterval);
    }
}
