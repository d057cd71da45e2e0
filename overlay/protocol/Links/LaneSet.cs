using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// The four lanes of a link and who of them goes next: Control first, then Realtime, Signal and Bulk in that order, but
/// of every 16 packets one is offered to Bulk first and two to Signal, so that neither starves. A lane is made when its class is
/// first used.
/// </summary>
internal sealed class LaneSet(PacketPool pool, DropCounters drops)
{
    private const int Turns = 16;

    private readonly SendLane?[] _lanes = new SendLane?[4];
    private readonly ResendBudget _resends = new();
    private int _turn;

    public SendLane? this[ServiceClass serviceClass] => _lanes[(int)serviceClass];

    public bool HasWork
    {
        get
        {
            foreach (var lane in _lanes)
            {
                if (lane is { HasWork: true })
                    return true;
            }

            return false;
        }
    }

    /// <summary>When copies may go that have to wait because too many went; Never when none wait.</summary>
    public MonoTime ResendAt
    {
        get
        {
            if (_resends.Allows)
                return MonoTime.Never;
            foreach (var lane in _lanes)
            {
                if (lane is { AwaitsResend: true })
                    return _resends.NextAt;
            }

            return MonoTime.Never;
        }
    }

    /// <summary>Which kinds of datagrams there is data for.</summary>
    public Urgency Wants
    {
        get
        {
            var wants = Urgency.None;
            for (var serviceClass = ServiceClass.Control; serviceClass <= ServiceClass.Bulk; serviceClass++)
            {
                if (_lanes[(int)serviceClass] is { HasWork: true })
                    wants |= UrgencyOf(serviceClass);
            }

            return wants;
        }
    }

    public SendLane LaneFor(ServiceClass serviceClass) =>
        _lanes[(int)serviceClass] ??= new SendLane(pool, drops, _resends);

    /// <summary>The next packet that fits into the room, of whichever class is in line where the link has this turn; null when there is none.</summary>
    public PacketBuffer? TakeNext(MonoTime now, int room, int cutAbove, Urgency turn, in Crossing crossing)
    {
        _resends.Update(now);
        var packet = turn == Urgency.All
            ? TakeFrom(ServiceClass.Control, now, room, cutAbove, crossing) ?? TakeInTurn(now, room, cutAbove, crossing)
            : TakeFor(turn, now, room, cutAbove, crossing);
        if (packet is { WasSent: true })
            _resends.Spend(packet.Length);
        return packet;
    }

    /// <summary>Whether packets were let go that had waited for too long, no longer ago than that: then there is more to send than goes.</summary>
    public bool HasShed(MonoTime now, Duration ago) => _lanes[(int)ServiceClass.Realtime] is { } lane && now - lane.ShedAt <= ago;

    /// <summary>Copies that had to wait may go.</summary>
    public void HandleTimeout(MonoTime now) => _resends.Update(now);

    /// <summary>Puts the oldest outstanding symbol of the first class that has one in line again.</summary>
    public bool ResendOldest()
    {
        foreach (var lane in _lanes)
        {
            if (lane is not null && lane.ResendOldest())
                return true;
        }

        return false;
    }

    /// <summary>The link has died: gives away the packets that it holds, class by class, the most urgent first.</summary>
    public void TakeHeld(ref PacketList held)
    {
        foreach (var lane in _lanes)
            lane?.TakeHeld(ref held);
    }

    public void Clear()
    {
        foreach (var lane in _lanes)
            lane?.Clear();
    }

    public void Trim()
    {
        foreach (var lane in _lanes)
            lane?.Trim();
    }

    private PacketBuffer? TakeInTurn(MonoTime now, int room, int cutAbove, in Crossing crossing)
    {
        var first = (_turn & (Turns - 1)) switch
        {
            5 or 11 => ServiceClass.Signal,
            15 => ServiceClass.Bulk,
            _ => ServiceClass.Realtime,
        };
        var packet = TakeFrom(first, now, room, cutAbove, crossing);
        for (var next = ServiceClass.Realtime; packet is null && next <= ServiceClass.Bulk; next++)
        {
            if (next != first)
                packet = TakeFrom(next, now, room, cutAbove, crossing);
        }

        if (packet is not null)
            _turn++;
        return packet;
    }

    /// <summary>Where the link has its turn for one kind only: what that is for goes first, and fills up with the more urgent.</summary>
    private PacketBuffer? TakeFor(Urgency turn, MonoTime now, int room, int cutAbove, in Crossing crossing)
    {
        var packet = turn switch
        {
            Urgency.Signal => TakeFrom(ServiceClass.Signal, now, room, cutAbove, crossing),
            Urgency.Bulk => TakeFrom(ServiceClass.Bulk, now, room, cutAbove, crossing),
            _ => null,
        };
        for (var next = ServiceClass.Control; packet is null && next <= ServiceClass.Bulk && UrgencyOf(next) <= turn; next++)
            packet = TakeFrom(next, now, room, cutAbove, crossing);
        return packet;
    }

    private static Urgency UrgencyOf(ServiceClass serviceClass) => serviceClass switch
    {
        ServiceClass.Signal => Urgency.Signal,
        ServiceClass.Bulk => Urgency.Bulk,
        _ => Urgency.Prompt,
    };

    private PacketBuffer? TakeFrom(ServiceClass serviceClass, MonoTime now, int room, int cutAbove, in Crossing crossing) =>
        _lanes[(int)serviceClass] is { HasWork: true } lane ? lane.TakeNext(now, room, cutAbove, crossing) : null;
}
