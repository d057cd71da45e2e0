using System.Numerics;
using System.Runtime.CompilerServices;
using WeCan.Contracts;

namespace WeCan.Protocol.Repair;

/// <summary>
/// Which symbols are lost and not yet repaired, which repairs are under way for them, and what those that arrived give.
/// Symbols are bits, one for each of <see cref="RepairLimits.MaxPending"/> slots. Kept by its <see cref="RepairPlanner"/>.
/// Invariants: a symbol is in one slot at the most, and is pending, late (past its time, with repairs still under way) or
/// released; a repair that arrived counts once; a slot is free again only when no repair names it.
/// </summary>
internal sealed class RepairLedger
{
    private SlotTable _slots;
    private RecordTable _records;
    private ulong _late;
    private ulong _released;
    private ulong _failed;

    /// <summary>Symbols that more repairs can still help.</summary>
    public ulong Pending { get; private set; }

    public int RecordCount { get; private set; }

    public bool IsFull => RecordCount == RepairLimits.MaxRecords;

    public bool IsEmpty => RecordCount == 0 && (Pending | _late | _released) == 0;

    /// <summary>Pending symbols that no repair names.</summary>
    public ulong Uncovered
    {
        get
        {
            var covered = 0UL;
            for (var i = 0; i < RecordCount; i++)
                covered |= _records[i].Covers;
            return Pending & ~covered;
        }
    }

    public ref readonly Record this[int record] => ref _records[record];

    public MonoTime LastUseful(int slot) => _slots[slot].LastUseful;

    public bool TryAdd(ulong symbol, MonoTime lastUseful)
    {
        var free = ~(Pending | _late | _released);
        if (free == 0)
            return false;
        var slot = BitOperations.TrailingZeroCount(free);
        _slots[slot] = new() { Symbol = symbol, LastUseful = lastUseful };
        Pending |= 1UL << slot;
        return true;
    }

    /// <summary>The symbol needs no repair any more, and nobody is to be told.</summary>
    public void Remove(ulong symbol)
    {
        var slot = SlotOf(symbol, Pending | _late);
        Resolve(slot);
        _released &= ~slot;
    }

    public void Add(in Record record) => _records[RecordCount++] = record;

    /// <summary>What became of a packet that carried a repair.</summary>
    public void Settle(ulong packet, bool arrived)
    {
        for (var i = 0; i < RecordCount; i++)
        {
            if (_records[i].Packet != packet || _records[i].HasArrived)
                continue;
            _records[i].HasArrived = arrived;
            if (arrived)
                FindResolved();
            else
                RemoveRecord(i);
            break;
        }

        ForgetHopeless();
    }

    /// <summary>Symbols past their time ask for nothing more; what is under way for them may still help.</summary>
    public void Expire(MonoTime now)
    {
        for (var left = Pending; left != 0; left &= left - 1)
        {
            var slot = BitOperations.TrailingZeroCount(left);
            if (_slots[slot].LastUseful >= now)
                continue;
            Pending &= ~(1UL << slot);
            _late |= 1UL << slot;
        }

        ForgetHopeless();
    }

    /// <summary>A symbol that needs no more care: repaired, or given up.</summary>
    public bool TryTakeReleased(out ulong symbol, out bool hasFailed)
    {
        (symbol, hasFailed) = (0, false);
        if (_released == 0)
            return false;
        var slot = BitOperations.TrailingZeroCount(_released);
        symbol = _slots[slot].Symbol;
        hasFailed = (_failed & (1UL << slot)) != 0;
        _released &= ~(1UL << slot);
        _failed &= ~(1UL << slot);
        return true;
    }

    /// <summary>Lists symbols, going up.</summary>
    public Span<ulong> List(ulong among, Span<ulong> into)
    {
        var count = 0;
        for (var left = among; left != 0 && count < into.Length; left &= left - 1)
            into[count++] = _slots[BitOperations.TrailingZeroCount(left)].Symbol;
        var listed = into[..count];
        listed.Sort();
        return listed;
    }

    /// <summary>The symbol's slot as a bit, if it is among these.</summary>
    public ulong SlotOf(ulong symbol, ulong among)
    {
        for (var left = among; left != 0; left &= left - 1)
        {
            if (_slots[BitOperations.TrailingZeroCount(left)].Symbol == symbol)
                return left & ~(left - 1);
        }

        return 0;
    }

    public ulong SlotsOf(ReadOnlySpan<ulong> symbols, ulong among)
    {
        var slots = 0UL;
        foreach (var symbol in symbols)
            slots |= SlotOf(symbol, among);
        return slots;
    }

    /// <summary>
    /// Late symbols have failed when nothing that is still to come can give them: no repair under way, and none for another
    /// symbol that an arrived repair ties them to.
    /// </summary>
    private void ForgetHopeless()
    {
        if (_late == 0)
            return;
        var hope = Pending;
        for (var i = 0; i < RecordCount; i++)
        {
            if (!_records[i].HasArrived)
                hope |= _records[i].Covers;
        }

        var failed = _late & ~Tied(hope);
        if (failed == 0)
            return;
        Resolve(failed);
        _failed |= failed;
    }

    /// <summary>With these symbols also those that share an arrived repair with one of them.</summary>
    private ulong Tied(ulong symbols)
    {
        while (true)
        {
            var before = symbols;
            for (var i = 0; i < RecordCount; i++)
            {
                if (_records[i].HasArrived && (_records[i].Covers & symbols) != 0)
                    symbols |= _records[i].Covers;
            }

            if (symbols == before)
                return symbols;
        }
    }

    /// <summary>Arrived repairs that cover no more symbols than they are give them all, if they are independent.</summary>
    private void FindResolved()
    {
        for (var top = 0; top < RecordCount; top++)
        {
            if (!_records[top].HasArrived || !Gives(_records[top].Covers))
                continue;
            Resolve(_records[top].Covers);
            top = -1;
        }
    }

    private bool Gives(ulong set)
    {
        var needed = BitOperations.PopCount(set);
        var isChecked = needed is > 1 and <= RepairRank.MostChecked;
        Span<byte> matrix = stackalloc byte[RepairRank.MostChecked * RepairRank.MostChecked];
        Span<byte> coefficients = stackalloc byte[RepairRank.MostChecked];
        var rank = new RepairRank(matrix, isChecked ? needed : 0);
        var members = 0;
        for (var i = 0; i < RecordCount; i++)
        {
            ref readonly var record = ref _records[i];
            if (!record.HasArrived || (record.Covers & ~set) != 0)
                continue;
            members++;
            if (!isChecked)
                continue;
            WriteCoefficients(record, set, coefficients);
            rank.Add(coefficients);
        }

        return isChecked ? rank.IsFull : members >= needed;
    }

    private void WriteCoefficients(in Record record, ulong set, Span<byte> into)
    {
        var column = 0;
        for (var left = set; left != 0; left &= left - 1, column++)
        {
            var slot = BitOperations.TrailingZeroCount(left);
            into[column] = (record.Covers & (1UL << slot)) == 0 ? (byte)0 : RepairRank.Coefficient(record.Row, record.IsCopy, _slots[slot].Symbol);
        }
    }

    private void Resolve(ulong symbols)
    {
        Pending &= ~symbols;
        _late &= ~symbols;
        _released |= symbols;
        for (var i = RecordCount - 1; i >= 0; i--)
        {
            _records[i].Covers &= ~symbols;
            if (_records[i].Covers == 0)
                RemoveRecord(i);
        }
    }

    private void RemoveRecord(int record) => _records[record] = _records[--RecordCount];

    /// <summary>A repair that was sent: what it covers of what is not resolved, and whether it is known to have arrived.</summary>
    public struct Record
    {
        public ulong Packet;
        public ulong Covers;
        public MonoTime SentAt;
        public byte Row;
        public bool IsCopy;
        public bool HasArrived;
    }

    private struct Slot
    {
        public ulong Symbol;
        public MonoTime LastUseful;
    }

    [InlineArray(RepairLimits.MaxPending)]
    private struct SlotTable
    {
        private Slot _first;
    }

    [InlineArray(RepairLimits.MaxRecords)]
    private struct RecordTable
    {
        private Record _first;
    }
}
