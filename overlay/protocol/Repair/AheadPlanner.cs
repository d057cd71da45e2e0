using System.Runtime.CompilerServices;
using WeCan.Contracts;

namespace WeCan.Protocol.Repair;

/// <summary>
/// Decides when redundancy goes ahead of any known loss, and what it covers, for symbols that no repair could reach in
/// time once their loss is known. Driven by the lane that sends them. All flows of the lane share it: what it sends
/// covers every such symbol that can still profit.
/// Invariant: each symbol is covered as often as the link's loss demands before its last useful moment, evenly spaced,
/// also the last one before a silence.
/// </summary>
internal sealed class AheadPlanner
{
    private const int Mask = Capacity - 1;
    private const int Capacity = 64;

    private Entries _entries;
    private int _first;
    private int _count;
    private int _wanted;
    private int _decidedFor;
    private MonoTime _decideAt;
    private MonoTime _lastAt;
    private Duration _slack;

    /// <summary>When <see cref="Plan"/> is to be asked; Never while what is under way is covered.</summary>
    public MonoTime NextAt
    {
        get
        {
            if (_count == 0 || _wanted == 0)
                return MonoTime.Never;
            ref readonly var newest = ref At(_count - 1);
            return newest.Covered >= _wanted ? MonoTime.Never : MonoTime.Max(_lastAt, At(0).SentAt) + ((_slack - (Margin / _wanted)) / _wanted);
        }
    }

    /// <summary>A symbol left for the first time, and its loss would be known too late.</summary>
    public void OnSent(MonoTime now, ulong symbol, MonoTime lastUseful, in RepairConditions conditions)
    {
        DropPast(now);
        if (_count == RepairLimits.MaxAhead)
            DropFirst();
        _entries[(_first + _count++) & Mask] = new() { Symbol = symbol, SentAt = now, LastUseful = lastUseful };
        _slack = _count == RepairLimits.MaxAhead ? now - At(0).SentAt : lastUseful - now;
        if (_decideAt <= now || _count > _decidedFor + 1)
            Decide(now, conditions);
    }

    /// <summary>The symbols that a repair due now covers, in order; where there are any, <see cref="OnPlanned"/> must follow. None where the one it was for is past its time by now.</summary>
    public int Plan(MonoTime now, Span<ulong> covered)
    {
        DropPast(now);
        if (NextAt > now)
            return 0;
        var count = Math.Min(_count, covered.Length);
        for (var i = 0; i < count; i++)
            covered[i] = At(_count - count + i).Symbol;
        return count;
    }

    /// <summary>What was planned went, or the budget forbade it.</summary>
    public void OnPlanned(MonoTime now)
    {
        for (var i = 0; i < _count; i++)
            At(i).Covered++;
        _lastAt = now;
    }

    /// <summary>A repair goes so much before the last moment of what it covers: whoever drives the planner may be late, and then that one would be covered by none.</summary>
    private Duration Margin => Duration.Min(_slack / 8, RepairLimits.AheadMargin);

    private ref Entry At(int place) => ref _entries[(_first + place) & Mask];

    private void Decide(MonoTime now, in RepairConditions conditions)
    {
        _decideAt = now + RepairLimits.AheadDecision;
        _decidedFor = _count;
        var chain = new LossChain(conditions.Loss, conditions.Burst, apart: 1);
        var most = Math.Max(1, (int)((_count - 1) * RepairLimits.MostAhead));
        for (_wanted = 0; _wanted < most; _wanted++)
        {
            if (chain.Residual(_count, _wanted) <= RepairLimits.ResidualAhead)
                break;
        }
    }

    private void DropPast(MonoTime now)
    {
        while (_count > 0 && At(0).LastUseful < now)
            DropFirst();
    }

    private void DropFirst()
    {
        _first = (_first + 1) & Mask;
        _count--;
    }

    private struct Entry
    {
        public ulong Symbol;
        public MonoTime SentAt;
        public MonoTime LastUseful;
        public int Covered;
    }

    [InlineArray(Capacity)]
    private struct Entries
    {
        private Entry _first;
    }
}
