using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Picks what is sent next: classes by <see cref="Turns"/>, in a class priorities likewise, 7 the first, in a priority the
/// lanes in turn, in a lane the flows in turn, one packet each. A lane that the gate shut is parked until the round ends, so a round asks about it once;
/// or, where first hops are many and each says itself when it has room, until <see cref="Reopen"/>.
/// </summary>
internal sealed class TransmitScheduler(bool parksUntilReopened = false)
{
    private const int Classes = 4;

    private readonly LaneQueue[] _waiting = new LaneQueue[Classes * Turns.Ranks];
    private readonly LaneQueue[] _parked = new LaneQueue[Classes * Turns.Ranks];
    private readonly uint[] _waitingRanks = new uint[Classes];
    private readonly Turns[] _priorities = new Turns[Classes];
    private Turns _classes;

    /// <summary>The item has, or may have, something to send.</summary>
    public void Wake(TransmitItem item)
    {
        if (!item.IsInLane)
            item.Lane.Push(item);
        else if (item.IsWaiting && !item.NeedsWindow)
            item.Lane.EndWait(item);
        Resume(item.Lane);
    }

    /// <summary>The window may have room again.</summary>
    public void Resume(PathWindow window)
    {
        if (!window.HasRoom)
            return;
        foreach (var lane in window.Lanes)
            Resume(lane);
    }

    /// <summary>The lane's first hop has room again.</summary>
    public void Reopen(Lane lane)
    {
        if (!lane.IsParked)
            return;
        (lane.IsParked, lane.IsScheduled) = (false, false);
        Resume(lane);
    }

    public bool TryPoll<TGate>(MonoTime now, ref TGate gate, Span<byte> buffer, out TransportTransmit transmit, out int length)
        where TGate : ITransmitGate, allows ref struct
    {
        while (true)
        {
            var classes = WaitingClasses();
            if (classes == 0)
            {
                EndRound();
                transmit = default;
                length = 0;
                return false;
            }

            var picked = _classes.Pick(classes);
            var ranks = _waitingRanks[picked];
            var rank = _priorities[picked].Pick(ranks);
            var lane = Take(picked, rank);
            if (lane.Sealing is not null)
                lane.DropIdle();
            if (lane.IsEmpty)
            {
                lane.IsScheduled = false;
                continue;
            }

            if (lane.Sealing?.MaySeal(now) == false || !gate.HasRoom(lane.Destination, lane.RouteToken, lane.Class))
            {
                lane.IsParked = parksUntilReopened;
                if (!parksUntilReopened)
                    _parked[PlaceOf(picked, rank)].Push(lane);
                continue;
            }

            var sent = TryServe(now, lane, buffer, out transmit, out length);
            lane.IsScheduled = false;
            Resume(lane);
            if (!sent)
                continue;
            _classes.Served(picked, classes);
            _priorities[picked].Served(rank, ranks);
            return true;
        }
    }

    private static int PlaceOf(int serviceClass, int rank) => (serviceClass * Turns.Ranks) + rank;

    private void Resume(Lane lane)
    {
        if (lane.IsScheduled || lane.IsEmpty)
            return;
        lane.IsScheduled = true;
        var rank = Turns.Ranks - 1 - lane.Priority;
        _waiting[PlaceOf((int)lane.Class, rank)].Push(lane);
        _waitingRanks[(int)lane.Class] |= 1u << rank;
    }

    private Lane Take(int serviceClass, int rank)
    {
        ref var queue = ref _waiting[PlaceOf(serviceClass, rank)];
        var lane = queue.Pop();
        if (queue.IsEmpty)
            _waitingRanks[serviceClass] &= ~(1u << rank);
        return lane;
    }

    private static bool TryServe(MonoTime now, Lane lane, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        var item = lane.Pop();
        if (item.NeedsWindow && item.WantsToSend && !lane.Window.HasRoom)
        {
            lane.Wait(item);
            transmit = default;
            length = 0;
            return false;
        }

        var sent = item.TryTransmit(now, buffer, out transmit, out length);

        // What it wrote may have woken it: an item twice in line takes out of it whoever stands between.
        if (item.WantsToSend && !item.IsInLane)
            lane.Push(item);
        return sent;
    }

    private uint WaitingClasses()
    {
        var waiting = 0u;
        for (var c = 0; c < Classes; c++)
            waiting |= _waitingRanks[c] == 0 ? 0 : 1u << c;
        return waiting;
    }

    private void EndRound()
    {
        for (var place = 0; place < _parked.Length; place++)
        {
            if (_parked[place].IsEmpty)
                continue;
            _waiting[place].Take(ref _parked[place]);
            _waitingRanks[place / Turns.Ranks] |= 1u << (place % Turns.Ranks);
        }
    }
}
