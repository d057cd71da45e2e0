using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Coding;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Repair;

/// <summary>
/// Decides when a repair goes and what it covers, for symbols that are known to be lost and still worth something.
/// Driven by the lane that holds the symbols: it tells of losses and of what became of each repair, asks for the next
/// repair when <see cref="NextAt"/> has come, and lets go what <see cref="TryTakeReleased"/> names.
/// <para>
/// Where another round fits before a symbol's last useful moment, one copy goes at once and its fate decides. Where
/// none fits, as many go as the link's loss demands, the first at once and the others spread until the last useful
/// moment, each over all that are in their last round, so that losses near each other share them and a burst does not take them all.
/// </para>
/// Invariants: every symbol taken is released once, or removed by its owner; what is past its time asks for nothing more.
/// </summary>
internal sealed class RepairPlanner
{
    private readonly RepairLedger _ledger = new();
    private ulong _planned;
    private MonoTime _lastRepairAt;

    /// <summary>When <see cref="Plan"/> is to be asked, or a symbol's time is up; Never when nothing is pending.</summary>
    public MonoTime NextAt { get; private set; } = MonoTime.Never;

    public bool IsIdle => _ledger.IsEmpty;

    /// <summary>A symbol is lost, and a repair that leaves up to <paramref name="lastUseful"/> still helps. False when too many are.</summary>
    public bool TryAdd(MonoTime now, ulong symbol, MonoTime lastUseful, in RepairConditions conditions)
    {
        if (!_ledger.TryAdd(symbol, lastUseful))
            return false;
        Decide(now, conditions);
        return true;
    }

    /// <summary>The symbol itself has arrived after all, or is let go.</summary>
    public void OnGone(ulong symbol)
    {
        _ledger.Remove(symbol);
        if (_ledger.Pending == 0)
            NextAt = MonoTime.Never;
    }

    /// <summary>The budget forbids a repair now.</summary>
    public void Postpone(MonoTime now) => NextAt = now + RepairLimits.BudgetRetry;

    /// <summary>The symbols that a repair due now covers, going up; <see cref="OnSent"/> must follow, or it was none.</summary>
    public int Plan(MonoTime now, in RepairConditions conditions, Span<ulong> covered)
    {
        Decide(now, conditions);
        if (NextAt > now)
            return 0;
        var urgent = _ledger.Pending & ~AwaitingAnswer(now, conditions.Feedback, out _);
        var uncovered = _ledger.Uncovered;
        var patient = uncovered & Patient(urgent, now + conditions.Feedback);

        // A repair whose fate will be known in time is of one symbol: were it of several, its loss would hold up all of them.
        var among = patient != 0 ? patient : urgent;
        var listed = _ledger.List(among, covered);
        var count = patient != 0 ? 1 : Fit(listed);
        _planned = _ledger.SlotsOf(covered[..count], among);

        // What no repair covers yet comes before what is covered already, where one cannot hold both.
        if (uncovered != 0 && (_planned & uncovered) == 0)
        {
            count = Fit(_ledger.List(uncovered, covered));
            _planned = _ledger.SlotsOf(covered[..count], uncovered);
        }

        return count;
    }

    /// <summary>The planned repair left in a packet; or only a copy of one of its symbols, where it had no room for more.</summary>
    public void OnSent(MonoTime now, ulong packet, byte row, ulong? onlySymbol, in RepairConditions conditions)
    {
        if (onlySymbol is { } only)
            _planned = _ledger.SlotOf(only, _ledger.Pending);
        if (_planned == 0)
            return;
        _ledger.Add(new() { Packet = packet, Covers = _planned, SentAt = now, Row = row, IsCopy = onlySymbol is not null });
        _lastRepairAt = now;
        Decide(now, conditions);
    }

    /// <summary>What became of a packet that carried a repair.</summary>
    public void OnSettled(MonoTime now, ulong packet, bool arrived, in RepairConditions conditions)
    {
        _ledger.Settle(packet, arrived);
        Decide(now, conditions);
    }

    /// <summary>A symbol that needs no more care: repaired, or given up.</summary>
    public bool TryTakeReleased(out ulong symbol, out bool hasFailed) => _ledger.TryTakeReleased(out symbol, out hasFailed);

    private void Decide(MonoTime now, in RepairConditions conditions)
    {
        _ledger.Expire(now);
        if (_ledger.Pending == 0)
            NextAt = MonoTime.Never;
        else
            NextAt = _ledger.IsFull ? EndOf(_ledger.Pending) : NextRepairAt(now, conditions);
    }

    private MonoTime NextRepairAt(MonoTime now, in RepairConditions conditions)
    {
        if (_ledger.Uncovered != 0)
            return now;
        var pending = _ledger.Pending;
        var urgent = pending & ~AwaitingAnswer(now, conditions.Feedback, out var answerAt);
        var next = MonoTime.Min(answerAt, EndOf(pending));
        if (urgent == 0)
            return next;
        var until = EndOf(urgent);
        var missing = CountWanted(BitOperations.PopCount(urgent), until - now, conditions) - UnderWay(urgent);
        if (missing <= 0)
            return next;
        var spread = (until - _lastRepairAt) / (missing + 1);
        return MonoTime.Max(now, MonoTime.Min(next, _lastRepairAt + spread));
    }

    private static int CountWanted(int lost, Duration time, in RepairConditions conditions)
    {
        var places = (double)time.Nanoseconds / Math.Max(conditions.PacketGap.Nanoseconds, 1);
        var chain = new LossChain(conditions.Loss, conditions.Burst, apart: places / ((2 * lost) + 1));

        // What fails takes a burst with it, but there are fewer bursts to fail.
        var failure = Math.Min(RepairLimits.MostFailure, RepairLimits.Residual * conditions.Burst / conditions.Loss);
        return chain.CountFor(lost, failure, Math.Min(lost * RepairLimits.MostPerLoss, lost + RepairLimits.MostBeyondLost));
    }

    /// <summary>Pending symbols that a repair under way covers whose fate will be known in time for another.</summary>
    private ulong AwaitingAnswer(MonoTime now, Duration feedback, out MonoTime answerAt)
    {
        var waiting = 0UL;
        answerAt = MonoTime.Never;
        for (var i = 0; i < _ledger.RecordCount; i++)
        {
            ref readonly var record = ref _ledger[i];
            var at = record.SentAt + feedback;
            if (record.HasArrived || at <= now)
                continue;
            for (var left = record.Covers & _ledger.Pending; left != 0; left &= left - 1)
            {
                var slot = BitOperations.TrailingZeroCount(left);
                if (at > _ledger.LastUseful(slot))
                    continue;
                waiting |= 1UL << slot;
                answerAt = MonoTime.Min(answerAt, at);
            }
        }

        return waiting;
    }

    /// <summary>Those of these symbols that still have time after an answer at this time.</summary>
    private ulong Patient(ulong symbols, MonoTime answerAt)
    {
        var patient = 0UL;
        for (var left = symbols; left != 0; left &= left - 1)
        {
            var slot = BitOperations.TrailingZeroCount(left);
            if (_ledger.LastUseful(slot) >= answerAt)
                patient |= 1UL << slot;
        }

        return patient;
    }

    /// <summary>How many repairs help these symbols, less those that others, past their time, will use up.</summary>
    private int UnderWay(ulong symbols)
    {
        var count = 0;
        var others = 0UL;
        for (var i = 0; i < _ledger.RecordCount; i++)
        {
            var covers = _ledger[i].Covers;
            if ((covers & symbols) == 0)
                continue;
            count++;
            others |= covers & ~symbols;
        }

        return count - BitOperations.PopCount(others);
    }

    /// <summary>When the first of these is past its time: just after its last useful moment, which still counts.</summary>
    private MonoTime EndOf(ulong symbols)
    {
        var first = MonoTime.Never;
        for (var left = symbols; left != 0; left &= left - 1)
            first = MonoTime.Min(first, _ledger.LastUseful(BitOperations.TrailingZeroCount(left)));
        return first + Duration.FromNanoseconds(1);
    }

    /// <summary>How many of these, from the oldest on, one repair can name and tell apart.</summary>
    private static int Fit(ReadOnlySpan<ulong> symbols)
    {
        var runs = 1;
        var count = 1;
        for (; count < symbols.Length; count++)
        {
            if (symbols[count] - symbols[count - 1] > 1 && ++runs > WireLimits.MaxRepairRuns)
                break;
            if (symbols[count] - symbols[0] >= Cauchy.Order)
                break;
        }

        return count;
    }
}
