using WeCan.Contracts;
using WeCan.Protocol.Repair;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// What repairs the Realtime packets of a link: it tells the planners of each packet's time, and makes of what they plan
/// a list of buffers. Driven by its lane, which owns every buffer named here. It exists while the link has such traffic.
/// Invariant: every plan is followed by <see cref="OnSent"/> or leaves nothing behind.
/// </summary>
internal sealed class LaneRepair(SendLane lane)
{
    private readonly RepairPlanner _answers = new();
    private readonly AheadPlanner _ahead = new();
    private readonly PacketBuffer[] _covered = new PacketBuffer[RepairLimits.MaxCovered];
    private readonly ulong[] _symbols = new ulong[RepairLimits.MaxCovered];
    private RepairBudget _budget;
    private bool _plannedAnswer;

    public bool IsIdle => _answers.IsIdle;

    /// <summary>When a repair is to go, or a packet's time is up; Never when there is nothing to repair.</summary>
    public MonoTime NextAt => MonoTime.Min(_answers.NextAt, _ahead.NextAt);

    /// <summary>Tells the next repair from those before it over the same packets.</summary>
    public byte Row { get; private set; }

    /// <summary>A packet left for the first time.</summary>
    public void OnFirstSent(MonoTime now, PacketBuffer packet, in RepairConditions conditions)
    {
        _budget.Earn(now, packet.Length);
        if (packet.Deadline.IsNever)
            return;
        var lastUseful = LastUseful(now, packet, conditions);
        if (lastUseful > now && now + conditions.Feedback > lastUseful)
            _ahead.OnSent(now, packet.Symbol, lastUseful, conditions);
    }

    /// <summary>A packet is lost. False when it is not to be repaired by plan: too many are, or it is worth nothing any more.</summary>
    public bool TryAdd(MonoTime now, PacketBuffer packet, in RepairConditions conditions)
    {
        if (packet.Deadline.IsNever)
            return false;
        packet.IsUnderRepair = _answers.TryAdd(now, packet.Symbol, LastUseful(now, packet, conditions), conditions);
        var isTaken = packet.IsUnderRepair;
        LetGo();
        return isTaken;
    }

    /// <summary>A packet under repair has arrived, or its lane lets it go.</summary>
    public void OnGone(PacketBuffer packet)
    {
        packet.IsUnderRepair = false;
        _answers.OnGone(packet.Symbol);
    }

    /// <summary>What became of a packet that carried an answer to a loss.</summary>
    public void OnSettled(MonoTime now, ulong packet, bool arrived, in RepairConditions conditions)
    {
        _answers.OnSettled(now, packet, arrived, conditions);
        LetGo();
    }

    /// <summary>The packets that a repair due now covers, going up by symbol; one alone is to be sent as it is. Empty when none is due.</summary>
    public ReadOnlySpan<PacketBuffer> Plan(MonoTime now, in RepairConditions conditions)
    {
        _plannedAnswer = _answers.NextAt <= now;
        var count = _plannedAnswer ? _answers.Plan(now, conditions, _symbols) : 0;
        LetGo();
        if (count == 0)
        {
            _plannedAnswer = false;
            count = _ahead.NextAt <= now ? _ahead.Plan(now, _symbols) : 0;
        }

        if (count == 0)
            return default;

        if (!_budget.Allows)
        {
            if (_plannedAnswer)
                _answers.Postpone(now);
            else
                _ahead.OnPlanned(now);
            return default;
        }

        var found = 0;
        for (var i = 0; i < count; i++)
        {
            if (lane.Find(_symbols[i]) is { } packet)
                _covered[found++] = packet;
        }

        if (found == 0 && !_plannedAnswer)
            _ahead.OnPlanned(now);
        return _covered.AsSpan(0, found);
    }

    /// <summary>What <see cref="Plan"/> named has left in a packet of so many bytes, all of it or only a copy.</summary>
    public void OnSent(MonoTime now, ulong packet, int bytes, PacketBuffer? copy, in RepairConditions conditions)
    {
        _budget.Spend(now, bytes);
        if (_plannedAnswer)
            _answers.OnSent(now, packet, Row, copy?.Symbol, conditions);
        else
            _ahead.OnPlanned(now);
        Row++;
    }

    /// <summary>
    /// When a repair of the packet must leave at the latest: in time to arrive, and for each hop after this one, to cross
    /// that too and be repaired once on it, if the deadline is that generous.
    /// </summary>
    public static MonoTime LastUseful(MonoTime now, PacketBuffer packet, in RepairConditions conditions)
    {
        var left = packet.Deadline - now;
        var wanted = (conditions.Feedback + conditions.OneWay) * packet.HopsAfter;
        var fair = left * packet.HopsAfter / (packet.HopsAfter + 1);
        var lastUseful = packet.Deadline - Duration.Min(wanted, fair) - conditions.OneWay;
        if (lastUseful >= now + conditions.Feedback || packet.HopsAfter == 0)
            return lastUseful;

        // No round fits into a fair share. What is left is for this hop, which is known to lose, as long as the others can be crossed at all.
        var last = packet.Deadline - (conditions.OneWay * (packet.HopsAfter + 1)) - RepairLimits.Handling;
        if (last > now)
            return MonoTime.Max(last, lastUseful);

        // Hops as long as this one would take too long. Nothing here knows them, so they may be short: what is sent in vain is little.
        var spare = packet.Deadline - conditions.OneWay - now;
        return spare > Duration.Zero ? now + (spare * 2 / 3) : lastUseful;
    }

    private void LetGo()
    {
        while (_answers.TryTakeReleased(out var symbol, out var hasFailed))
            lane.OnRepaired(symbol, hasFailed);
    }
}
