using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>
/// A REPAIR frame: a linear combination of several symbols of one class, from which a missing one can be solved. It
/// reaches to the end of its packet. docs/wire-format.md, section 5.9.
/// <code>
///   type: 0 0 1 0 0 0 C C
/// +------+------------+---------+-----------+----------------+ - - - - - - - - - - - +----------+-------------
/// | type | first  (3) | row (1) | count (1) | length  varint | gap, length  varints  | head (2) | combination
/// +------+------------+---------+-----------+----------------+ - - - - - - - - - - - +----------+-------------
///                                                              count times            `------ vector ------
/// </code>
/// </summary>
internal readonly ref struct RepairFrame
{
    /// <summary>The vector's first bytes, which combine the symbols' pieces and lengths.</summary>
    public const int VectorHead = 2;

    /// <summary>Type, first symbol, row, count and the first length, which is below 64.</summary>
    private const int ShortestHead = 1 + 3 + 1 + 1 + 1;

    private readonly ReadOnlySpan<byte> _runs;

    private RepairFrame(ServiceClass serviceClass, uint first, byte row, int count, int extent, ReadOnlySpan<byte> runs, ReadOnlySpan<byte> vector)
    {
        Class = serviceClass;
        First = first;
        Row = row;
        Count = count;
        Extent = extent;
        _runs = runs;
        Vector = vector;
    }

    public ServiceClass Class { get; }

    /// <summary>The low 24 bits of the lowest covered symbol's number.</summary>
    public uint First { get; }

    /// <summary>Which row of the coding matrix this is; together with the symbol it gives each coefficient.</summary>
    public byte Row { get; }

    /// <summary>How many symbols are covered.</summary>
    public int Count { get; }

    /// <summary>How far the highest covered symbol lies above the lowest.</summary>
    public int Extent { get; }

    /// <summary>The combination of the symbols' vectors: two bytes of heads, then one byte at least.</summary>
    public ReadOnlySpan<byte> Vector { get; }

    /// <summary>Reads the frame behind a type byte from 0x20 to 0x23.</summary>
    public static bool TryRead(byte type, scoped ref WireReader reader, out RepairFrame frame)
    {
        frame = default;
        if (!reader.TryReadUInt24(out var first) || !reader.TryReadByte(out var row) || !reader.TryReadByte(out var further) ||
            further >= WireLimits.MaxRepairRuns)
            return false;
        var runs = reader.Rest;
        if (!reader.TryReadVarInt(out var length) || length >= WireLimits.MaxRepairSymbols)
            return false;
        var count = 1 + (int)length;
        var extent = (int)length;
        for (var i = 0; i < further; i++)
        {
            if (!reader.TryReadVarInt(out var gap) || !reader.TryReadVarInt(out length))
                return false;
            if (gap > WireLimits.MaxRepairSpan || length >= WireLimits.MaxRepairSymbols)
                return false;
            count += 1 + (int)length;
            extent += 2 + (int)gap + (int)length;
        }

        if (count is < WireLimits.MinRepairSymbols or > WireLimits.MaxRepairSymbols || extent > WireLimits.MaxRepairSpan)
            return false;
        runs = runs[..^reader.Remaining];
        if (reader.Remaining is <= VectorHead or > VectorHead + WireLimits.MaxPathPacket)
            return false;
        frame = new((ServiceClass)(type & 3), first, row, count, extent, runs, reader.ReadRest());
        return true;
    }

    /// <summary>
    /// What stands before the vector of a frame that covers these symbols, in bytes; 0 when no frame may cover them. They
    /// go up.
    /// </summary>
    public static int MeasureHead(scoped ReadOnlySpan<ulong> symbols)
    {
        if (symbols.Length is < WireLimits.MinRepairSymbols or > WireLimits.MaxRepairSymbols || symbols[^1] - symbols[0] > WireLimits.MaxRepairSpan)
            return 0;
        var length = ShortestHead;
        var runs = 1;
        for (var i = 1; i < symbols.Length; i++)
        {
            if (symbols[i] == symbols[i - 1] + 1)
                continue;
            runs++;
            length += WireWriter.VarIntLength(symbols[i] - symbols[i - 1] - 2) + 1;
        }

        return runs <= WireLimits.MaxRepairRuns ? length : 0;
    }

    /// <summary>Writes what stands before the vector, for symbols that <see cref="MeasureHead"/> has allowed.</summary>
    public static void WriteHead(ref WireWriter writer, ServiceClass serviceClass, byte row, scoped ReadOnlySpan<ulong> symbols)
    {
        writer.WriteByte((byte)(FrameType.FirstRepair | (byte)serviceClass));
        writer.WriteUInt24((uint)symbols[0] & 0xFF_FFFF);
        writer.WriteByte(row);
        var count = writer.Reserve(1);
        count[0] = 0;
        var start = 0;
        for (var i = 1; i <= symbols.Length; i++)
        {
            if (i < symbols.Length && symbols[i] == symbols[i - 1] + 1)
                continue;
            writer.WriteVarInt((ulong)(i - start - 1));
            if (i == symbols.Length)
                return;
            count[0]++;
            writer.WriteVarInt(symbols[i] - symbols[i - 1] - 2);
            start = i;
        }
    }

    /// <summary>The covered symbols going up, given the whole number of the lowest.</summary>
    public SymbolWalk Symbols(ulong first) => new(first, _runs);

    /// <summary>Walks the symbols of a frame that has been checked.</summary>
    public ref struct SymbolWalk
    {
        private WireReader _reader;
        private ulong _next;
        private ulong _left;

        public SymbolWalk(ulong first, ReadOnlySpan<byte> runs)
        {
            _reader = new(runs);
            _next = first;
            _reader.TryReadVarInt(out _left);
            _left++;
        }

        public bool TryNext(out ulong symbol)
        {
            symbol = _next;
            if (_left == 0)
            {
                if (!_reader.TryReadVarInt(out var gap) || !_reader.TryReadVarInt(out _left))
                    return false;
                symbol += gap + 1;
                _left++;
            }

            _left--;
            _next = symbol + 1;
            return true;
        }
    }
}
