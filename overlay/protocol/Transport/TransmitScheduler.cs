using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Picks what is sent next: classes by <see cref="ClassTurns"/>, in a class the lanes in turn, in a lane the flows in
/// turn, one packet each. A lane that the gate shut is parked until the round ends, so a round asks about it once.
/// </summary>
internal sealed class TransmitScheduler
{
    private readonly LaneQueue[] _waiting = new LaneQueue[4];
    private readonly LaneQueue[] _parked = new LaneQueue[4];
    private ClassTurns _turns;

    /// <summary>The item has, or may have, something to send.</summary>
    public void Wake(TransmitItem item)
    {
        if (!item.IsInLane)
            item.Lane.Push(item);
        else if (item.IsWaiting && !item.NeedsWindow)
            item.Lane.EndWait(item);
        Resume(item.Lane);
    }

    /// <summary>The lane's window may have room again.</summary>
    public void Resume(Lane lane)
    {
        if (lane.IsScheduled || lane.IsEmpty)
            return;
        lane.IsScheduled = true;
        _waiting[(int)lane.Class].Push(lane);
    }

    public bool TryPoll<TGate>(MonoTime now, ref TGate gate, Span<byte> buffer, out TransportTransmit transmit, out int length)
        where TGate : ITransmitGate, allows ref struct
    {
        while (true)
        {
            var waiting = WaitingClasses();
            if (waiting == 0)
            {
                EndRound();
                transmit = default;
                length = 0;
                return false;
            }

            var picked = _turns.Pick(waiting);
            var lane = _waiting[picked].Pop();
            if (lane.IsEmpty)
            {
                lane.IsScheduled = false;
                continue;
            }

            if (!gate.HasRoom(lane.Destination, lane.RouteToken, lane.Class))
            {
                _parked[picked].Push(lane);
                continue;
            }

            var sent = TryServe(now, lane, buffer, out transmit, out length);
            if (lane.IsEmpty)
                lane.IsScheduled = false;
            else
                _waiting[picked].Push(lane);
            if (!sent)
                continue;
            _turns.Served(picked, waiting);
            return true;
        }
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
        if (item.WantsToSend)
            lane.Push(item);
        return sent;
    }

    private uint WaitingClasses()
    {
        var waiting = 0u;
        for (var c = 0; c < 4; c++)
            waiting |= _waiting[c].IsEmpty ? 0 : 1u << c;
        return waiting;
    }

    private void EndRound()
    {
        for (var c = 0; c < 4; c++)
            _waiting[c].Take(ref _parked[c]);
    }
}
