using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The origin's end of a Realtime flow to one destination. It goes out over one route or two, whole over each; a packet
/// leaves the queue when it has gone over all of them.
/// </summary>
internal sealed class RealtimeSender : RealtimeOrigin
{
    private readonly int _paths;
    private readonly RealtimeLeg?[] _legs = new RealtimeLeg?[WireLimits.MaxRoutes];
    private uint _active;
    private MonoTime _usedSince = MonoTime.Never;

    public RealtimeSender(
        OutboundFlows table, FlowHandle handle, TransportShared shared, Peer peer, byte priority, Duration deadline, int paths)
        : base(table, handle, shared, peer, peer.Lane, priority, deadline) => _paths = paths;

    /// <summary>There is no route to choose, and no evidence of routes to keep.</summary>
    public bool IsOneHop => Shared.Options.IsOneHop;

    /// <summary>Nothing is heard of what it sends, so it counts as waiting from its first message on.</summary>
    public override MonoTime WaitsSince => _usedSince;

    /// <summary>Writes the next packet that is to go out over one of the legs.</summary>
    public bool TryTransmitOn(MonoTime now, RealtimeLeg leg, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = default;
        length = 0;
        DropExpired(now);
        if (!leg.WantsToSend)
        {
            EndIfDone(now);
            return false;
        }

        var sequence = leg.Next;
        var segment = At(sequence);
        length = Write(sequence, new() { Token = leg.Token, TakesSeveral = (_active & (_active - 1)) != 0 }, buffer);
        transmit = new TransportTransmit(Peer.Id, leg.Token, ServiceClass.Realtime, Priority, segment.Deadline)
        {
            HeldSince = segment.Since,
            Twins = _active & ~(1u << leg.Token),
        };
        if (IsOutAlready(sequence))
        {
            Shared.Counters.CopiesSent++;
        }
        else
        {
            Shared.Counters.FragmentsSent++;
            Shared.Counters.BytesSent += segment.Length;
            Peer.Realtime.Sent++;
        }

        leg.OnSent(now, sequence);
        while (Count > 0 && IsOutEverywhere(First))
            RemoveFirst();
        EndIfDone(now);
        return true;
    }

    /// <summary>The destination tells how packets arrive.</summary>
    public void HandleReport(MonoTime now, in ReportEntry entry)
    {
        if (_legs[entry.Token] is not { } leg || !leg.TryHandleReport(now, entry, Deadline))
            Shared.Counters.Drop(TransportDrop.Contradiction);
    }

    protected override void ReleaseAll()
    {
        base.ReleaseAll();
        foreach (var leg in _legs)
        {
            if (leg is null)
                continue;
            leg.IsActive = false;
            Peer.LeaveLane(leg.Lane);
        }
    }

    protected override void BeforeEnqueue(MonoTime now, int segments)
    {
        _usedSince = MonoTime.Min(_usedSince, now);
        Peer.Realtime.Offered += segments;
        Take(Shared.Options.IsOneHop ? 1 : Peer.Paths.RoutesFor(now, _paths, segments));
    }

    protected override void WakeItems()
    {
        foreach (var leg in _legs)
        {
            if (leg is { WantsToSend: true })
                Shared.Scheduler.Wake(leg);
        }
    }

    protected override bool IsOutAlready(uint sequence)
    {
        foreach (var leg in _legs)
        {
            if (leg is { IsActive: true } && (int)(leg.Next - sequence) > 0)
                return true;
        }

        return false;
    }

    protected override void OnFirstRemoved()
    {
        foreach (var leg in _legs)
        {
            if (leg is { IsActive: true })
                leg.Next = (int)(leg.Next - First) < 0 ? First : leg.Next;
        }
    }

    /// <summary>
    /// Goes on over these routes, each a bit. A route that is new to the flow begins with the next message, but one that
    /// stands in for another takes over what that one had still to send.
    /// </summary>
    private void Take(uint routes)
    {
        if (routes == _active)
            return;
        var from = QueueEnd;
        for (var token = 0; token < WireLimits.MaxRoutes; token++)
        {
            if (_legs[token] is not { IsActive: true } leg || ((routes >> token) & 1) != 0)
                continue;
            from = Earlier(from, leg.Next);
            leg.IsActive = false;
        }

        for (var token = 0; token < WireLimits.MaxRoutes; token++)
        {
            if (((routes >> token) & 1) == 0 || _legs[token] is { IsActive: true })
                continue;
            var leg = _legs[token] ??= MakeLeg(token);
            leg.IsActive = true;
            leg.Next = from;
        }

        _active = routes;
        while (Count > 0 && IsOutEverywhere(First))
            RemoveFirst();
    }

    private RealtimeLeg MakeLeg(int token)
    {
        var lane = Peer.LaneFor(token, ServiceClass.Realtime, Priority);
        lane.Users++;
        return new RealtimeLeg(this, lane);
    }

    private static uint Earlier(uint a, uint b) => (int)(a - b) < 0 ? a : b;

    private bool IsOutEverywhere(uint sequence)
    {
        foreach (var leg in _legs)
        {
            if (leg is { IsActive: true } && (int)(leg.Next - sequence) <= 0)
                return false;
        }

        return true;
    }
}
