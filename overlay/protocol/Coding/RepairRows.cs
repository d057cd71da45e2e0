using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Coding;

/// <summary>
/// The equations that repairs left over the symbols that are missing, solved as they come. Each missing symbol has a
/// column, and each row stands at the column that it is solved for, its pivot.
/// Invariants, which make the matrix a reduced echelon form with the oldest symbols first:
/// a row's coefficient at its pivot is 1; no other row has a coefficient there; the pivot is the oldest symbol of its row;
/// a column is in use as long as a row has a coefficient in it. So a symbol that can be known at all stands alone in its
/// row, and a row whose pivot neither comes nor is covered any more can go without loss for any newer symbol.
/// What it holds is rented with the first row and goes back with <see cref="Clear"/>.
/// </summary>
internal struct RepairRows(PacketPool pool)
{
    private const int Width = CodingLimits.MaxUnknowns;

    private RepairRow[]? _rows;
    private ulong[]? _symbols;
    private byte[]? _coefficients;
    private ulong _columns;
    private ulong _pivots;

    public readonly bool IsEmpty => _pivots == 0;

    /// <summary>Regions multiplied and added so far: the cost, which is bounded for each arrival.</summary>
    public long RegionOperations { get; private set; }

    /// <summary>
    /// Takes a repair: all that it covers is either in <paramref name="memory"/> or, as <paramref name="missing"/> says by
    /// its bits in the order of covering, an unknown.
    /// </summary>
    public RepairResult Add(in RepairFrame frame, ulong first, ulong missing, in SymbolMemory memory)
    {
        Span<byte> coefficients = stackalloc byte[Width];
        Span<byte> factors = stackalloc byte[Width];
        coefficients.Clear();
        Rent();
        Place(frame, first, missing, coefficients);
        var eliminated = Reduce(coefficients, factors);
        var columns = Occupied(coefficients);
        if (columns == 0)
            return RepairResult.NothingNew;
        if (pool.TryRent(PacketPool.FullCapacity) is not { } buffer)
        {
            FreeColumns();
            return RepairResult.OutOfBuffers;
        }

        var row = new RepairRow { Buffer = buffer, Columns = columns, Head = BinaryPrimitives.ReadUInt16BigEndian(frame.Vector) };
        var content = frame.Vector[RepairFrame.VectorHead..];
        buffer.Length = content.Length;
        content.CopyTo(buffer.Bytes);
        TakeOutKnown(ref row, frame, first, missing, memory);
        TakeOutRows(ref row, eliminated, factors);
        Insert(row, coefficients);
        return RepairResult.Kept;
    }

    /// <summary>A symbol has come by itself: it is taken out of every row, which may solve others.</summary>
    public void OnKnown(ulong symbol, ushort head, ReadOnlySpan<byte> content)
    {
        if (_pivots == 0 || ColumnOf(symbol) is not (>= 0 and var column))
            return;
        var bit = 1UL << column;
        for (var rows = _pivots; rows != 0; rows &= rows - 1)
        {
            var at = BitOperations.TrailingZeroCount(rows);
            if ((_rows![at].Columns & bit) == 0)
                continue;
            ref var coefficient = ref _coefficients![(at * Width) + column];
            AddContent(ref _rows[at], coefficient, head, content);
            coefficient = 0;
            _rows[at].Columns &= ~bit;
        }

        if ((_pivots & bit) != 0)
            MovePivot(column);
        FreeColumns();
    }

    /// <summary>Takes out the oldest symbol that stands alone in its row. The buffer becomes the caller's.</summary>
    public bool TryTakeSolved(out ulong symbol, out ushort head, out PacketBuffer? buffer)
    {
        var best = -1;
        for (var rows = _pivots; rows != 0; rows &= rows - 1)
        {
            var at = BitOperations.TrailingZeroCount(rows);
            if (BitOperations.IsPow2(_rows![at].Columns) && (best < 0 || _symbols![at] < _symbols[best]))
                best = at;
        }

        if (best < 0)
        {
            (symbol, head, buffer) = (0, 0, null);
            return false;
        }

        (symbol, head, buffer) = (_symbols![best], _rows![best].Head, _rows[best].Buffer);
        Remove(best);
        FreeColumns();
        return true;
    }

    /// <summary>Lets go the rows that could only be solved for symbols below this one.</summary>
    public void Forget(ulong below)
    {
        var before = _pivots;
        for (var rows = _pivots; rows != 0; rows &= rows - 1)
        {
            var at = BitOperations.TrailingZeroCount(rows);
            if (_symbols![at] < below)
                Drop(at);
        }

        if (_pivots != before)
            FreeColumns();
    }

    public void Clear()
    {
        if (_rows is null)
            return;
        while (_pivots != 0)
            Drop(BitOperations.TrailingZeroCount(_pivots));
        FreeColumns();
        ArrayPool<RepairRow>.Shared.Return(_rows, clearArray: true);
        ArrayPool<ulong>.Shared.Return(_symbols!);
        ArrayPool<byte>.Shared.Return(_coefficients!);
        (_rows, _symbols, _coefficients) = (null, null, null);
    }

    private void Rent()
    {
        if (_rows is not null)
            return;
        _rows = ArrayPool<RepairRow>.Shared.Rent(Width);
        _symbols = ArrayPool<ulong>.Shared.Rent(Width);
        _coefficients = ArrayPool<byte>.Shared.Rent(Width * Width);
        _symbols.AsSpan(0, Width).Fill(ulong.MaxValue);
    }

    private readonly Span<byte> CoefficientsOf(int row) => _coefficients.AsSpan(row * Width, Width);

    private readonly int ColumnOf(ulong symbol) => _symbols.AsSpan(0, Width).IndexOf(symbol);

    private static ulong Occupied(ReadOnlySpan<byte> coefficients) =>
        ~Vector512.Equals(Vector512.Create(coefficients), Vector512<byte>.Zero).ExtractMostSignificantBits();

    /// <summary>Gives every unknown a column, letting the rows of the oldest go until there are enough, and writes its coefficient there.</summary>
    private void Place(in RepairFrame frame, ulong first, ulong missing, Span<byte> coefficients)
    {
        Span<ulong> newcomers = stackalloc ulong[Width];
        var count = 0;
        var kept = 0UL;
        var walk = frame.Symbols(first);
        for (; walk.TryNext(out var symbol); missing >>= 1)
        {
            if ((missing & 1) == 0)
                continue;
            if (ColumnOf(symbol) is >= 0 and var column)
            {
                kept |= 1UL << column;
                coefficients[column] = Cauchy.Coefficient(frame.Row, symbol);
            }
            else
            {
                newcomers[count++] = symbol;
            }
        }

        while (Width - BitOperations.PopCount(_columns | kept) < count)
        {
            Drop(OldestOf(_pivots));
            FreeColumns(kept);
        }

        _columns |= kept;
        for (var i = 0; i < count; i++)
        {
            var column = BitOperations.TrailingZeroCount(~_columns);
            _columns |= 1UL << column;
            _symbols![column] = newcomers[i];
            coefficients[column] = Cauchy.Coefficient(frame.Row, newcomers[i]);
        }
    }

    /// <summary>
    /// Takes the rows out of a new one's coefficients: returns which, and each one's factor. A row has no coefficient at
    /// another's pivot, so that one pass is enough.
    /// </summary>
    private readonly ulong Reduce(Span<byte> coefficients, Span<byte> factors)
    {
        var eliminated = Occupied(coefficients) & _pivots;
        for (var rows = eliminated; rows != 0; rows &= rows - 1)
        {
            var at = BitOperations.TrailingZeroCount(rows);
            factors[at] = coefficients[at];
            Gf256.MultiplyAdd(coefficients, CoefficientsOf(at), factors[at]);
        }

        return eliminated;
    }

    private void TakeOutKnown(ref RepairRow row, in RepairFrame frame, ulong first, ulong missing, in SymbolMemory memory)
    {
        var sum = new Gf256Sum(row.Buffer!.Bytes);
        var head = (int)row.Head;
        for (var walk = frame.Symbols(first); walk.TryNext(out var symbol); missing >>= 1)
        {
            if ((missing & 1) != 0 || memory.Find(symbol) is not { } packet)
                continue;
            var coefficient = Cauchy.Coefficient(frame.Row, symbol);
            row.GrowTo(packet.Length);
            head ^= Gf256.MultiplyHead(coefficient, SymbolHead.Of(packet.Piece, packet.Length));
            sum.Add(coefficient, packet.Bytes, packet.Length);
            RegionOperations++;
        }

        sum.Finish();
        row.Head = (ushort)head;
    }

    private void TakeOutRows(ref RepairRow row, ulong rows, ReadOnlySpan<byte> factors)
    {
        var sum = new Gf256Sum(row.Buffer!.Bytes);
        var head = (int)row.Head;
        for (; rows != 0; rows &= rows - 1)
        {
            var at = BitOperations.TrailingZeroCount(rows);
            ref var other = ref _rows![at];
            row.GrowTo(other.Buffer!.Length);
            head ^= Gf256.MultiplyHead(factors[at], other.Head);
            sum.Add(factors[at], other.Buffer.Bytes, other.Buffer.Length);
            RegionOperations++;
        }

        sum.Finish();
        row.Head = (ushort)head;
    }

    /// <summary>Solves the row for its oldest symbol, puts it there, and takes it out of all others.</summary>
    private void Insert(RepairRow row, ReadOnlySpan<byte> coefficients)
    {
        var pivot = OldestOf(row.Columns);
        var own = CoefficientsOf(pivot);
        coefficients.CopyTo(own);
        var inverse = Gf256.Inverse(own[pivot]);
        Gf256.Scale(own, inverse);
        Gf256.Scale(row.Buffer!.Packet, inverse);
        row.Head = Gf256.MultiplyHead(inverse, row.Head);
        RegionOperations++;
        for (var rows = _pivots; rows != 0; rows &= rows - 1)
        {
            var at = BitOperations.TrailingZeroCount(rows);
            var others = CoefficientsOf(at);
            var factor = others[pivot];
            if (factor == 0)
                continue;
            Gf256.MultiplyAdd(others, own, factor);
            _rows![at].Columns = Occupied(others);
            AddContent(ref _rows[at], factor, row.Head, row.Buffer.Packet);
        }

        _rows![pivot] = row;
        _pivots |= 1UL << pivot;
    }

    /// <summary>The symbol that a row was solved for has come: it is solved for its next one, or has nothing left to say.</summary>
    private void MovePivot(int column)
    {
        var row = _rows![column];
        if (row.Columns == 0)
        {
            Drop(column);
            return;
        }

        Span<byte> coefficients = stackalloc byte[Width];
        CoefficientsOf(column).CopyTo(coefficients);
        Remove(column);
        Insert(row, coefficients);
    }

    private void AddContent(ref RepairRow row, byte factor, ushort head, ReadOnlySpan<byte> content)
    {
        row.GrowTo(content.Length);
        row.Head ^= Gf256.MultiplyHead(factor, head);
        Gf256.MultiplyAdd(row.Buffer!.Bytes.AsSpan(0, content.Length), content, factor);
        RegionOperations++;
    }

    private readonly int OldestOf(ulong columns)
    {
        var oldest = BitOperations.TrailingZeroCount(columns);
        for (; columns != 0; columns &= columns - 1)
        {
            var at = BitOperations.TrailingZeroCount(columns);
            if (_symbols![at] < _symbols[oldest])
                oldest = at;
        }

        return oldest;
    }

    private void Drop(int pivot)
    {
        pool.Return(_rows![pivot].Buffer!);
        Remove(pivot);
    }

    private void Remove(int pivot)
    {
        _rows![pivot] = default;
        _pivots &= ~(1UL << pivot);
    }

    /// <summary>Columns that no row has a coefficient in, and that are not to be kept, are for other symbols.</summary>
    private void FreeColumns(ulong kept = 0)
    {
        var used = kept;
        for (var rows = _pivots; rows != 0; rows &= rows - 1)
            used |= _rows![BitOperations.TrailingZeroCount(rows)].Columns;
        for (var free = _columns & ~used; free != 0; free &= free - 1)
            _symbols![BitOperations.TrailingZeroCount(free)] = ulong.MaxValue;
        _columns = used;
    }
}
