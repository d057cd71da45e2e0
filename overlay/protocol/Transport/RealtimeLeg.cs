using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// One route that a Realtime flow's packets take, and how far the flow's queue has gone out over it. A flow has a leg for
/// every route that it ever took; those that it takes now are active, and each sends every packet of the flow once. It
/// knows what it sent, so the destination needs to tell only what it has.
/// </summary>
internal sealed class RealtimeLeg(RealtimeSender flow, Lane lane) : TransmitItem(lane)
{
    private SentRuns _sent;
    private MonoTime _lastSent;
    private MonoTime _changedAt = new(long.MinValue / 2);
    private ulong _way;
    private uint _reportedSent;
    private ushort _reportedReceived;

    /// <summary>After a pause the first report only tells where to count from: what was lost before the pause is old news.</summary>
    private bool _countsAnew;

    public int Token => Lane.RouteToken;

    public bool IsActive { get; set; }

    /// <summary>The flow's next packet to go out here. What lies before has gone, or was dropped.</summary>
    public uint Next { get; set; }

    public override bool WantsToSend => IsActive && Next != flow.QueueEnd;

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length) =>
        flow.TryTransmitOn(now, this, buffer, out transmit, out length);

    public void OnSent(MonoTime now, uint sequence)
    {
        if (_sent.Total > 0 && now - _lastSent > PathLimits.Idle)
            _countsAnew = true;
        if (flow.Peer.Routes.WayOf(Token) is var way && way != _way)
            Change(now, way);
        _lastSent = now;
        _sent.Add(sequence);
        Next = sequence + 1;
        if (!flow.IsOneHop)
            flow.Peer.Paths.OnSent(now, Token);
    }

    /// <summary>What the destination has of this leg's packets. False for a report about what was never sent.</summary>
    public bool TryHandleReport(MonoTime now, in ReportEntry entry, Duration deadline)
    {
        if (_sent.Total == 0)
            return false;

        // While packets that went another way by this name are still to come, those that overtake them would make them look lost.
        if (now - _changedAt < deadline)
        {
            _countsAnew = true;
            flow.Peer.Paths.OnHeard(now, Token);
            return true;
        }

        if (entry.Strained)
            flow.Peer.Paths.OnStrained(now, Token);
        var last = _sent.Next - 1;
        var highest = last - (ushort)((ushort)last - entry.Highest);
        if (!_sent.TryCountUpTo(highest, out var sentUpTo))
        {
            _countsAnew = true;
            return true;
        }

        var sent = (int)(sentUpTo - _reportedSent);
        if (sent < 0 && !_countsAnew)
            return true;

        // More than was sent, and more than copies made on the way explain: the destination began to count anew.
        var received = (ushort)(entry.Received - _reportedReceived);
        var isSample = !_countsAnew && received <= sent + (sent / 2) + 16;
        _countsAnew = false;
        _reportedSent = sentUpTo;
        _reportedReceived = entry.Received;
        var left = ReportPacket.LeftUnit * entry.Left;
        var delay = Duration.Max(deadline - left, Duration.Zero);
        flow.Peer.Paths.OnReport(
            now, Token, isSample ? sent : 0, isSample ? received : 0, entry.Marks / (double)ReportPacket.AllMarked, delay);
        return true;
    }

    public override void HandleTimeout(MonoTime now)
    {
    }

    /// <summary>The token names another way than it did for the packet before. What is older than a deadline is not under way any more.</summary>
    private void Change(MonoTime now, ulong way)
    {
        _way = way;
        _countsAnew |= _sent.Total > 0;
        if (_sent.Total > 0 && now - _lastSent < flow.Deadline)
            _changedAt = now;
    }
}
