using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Coding;

/// <summary>
/// The receiving half of repair for one class of one link: remembers what came, holds the repairs that cover what did
/// not, and solves it. Driven by the link's receiver, which hands it every symbol that it takes (<see cref="OnSymbol"/>)
/// and every REPAIR frame (<see cref="OnRepair"/>), and after either calls <see cref="TryTakeSolved"/> until it says no,
/// taking each solved symbol as one that came.
/// It promises: what it solves from an honest peer's repairs is bit for bit what was sent; a symbol that can be known
/// from what is held is solved at once; nothing is solved twice. It costs nothing before it is first called and after
/// <see cref="Trim"/>; it holds at most <see cref="CodingLimits.RememberedSymbols"/> symbols and
/// <see cref="CodingLimits.MaxUnknowns"/> rows, all in the pool's buffers; and one arrival, whatever the peer has
/// written, costs at most <see cref="CodingLimits.MaxRegionOperations"/> operations on regions of 1,280 bytes. A peer
/// that sends false repairs can make it solve wrong bytes, as it could send them by DATA.
/// </summary>
internal sealed class RepairDecoder(PacketPool pool, DropCounters drops)
{
    private SymbolMemory _memory = new(pool);
    private RepairRows _rows = new(pool);
    private PacketBuffer? _handedOut;

    /// <summary>Regions multiplied and added so far.</summary>
    public long RegionOperations => _rows.RegionOperations;

    /// <summary>Repairs are held, so that a symbol that comes may solve others.</summary>
    public bool HoldsRepairs => !_rows.IsEmpty;

    /// <summary>A symbol has come whole, for the first time. Its bytes are copied.</summary>
    public void OnSymbol(ulong symbol, sbyte piece, ReadOnlySpan<byte> content)
    {
        _memory.Remember(symbol, piece, content);
        _rows.OnKnown(symbol, SymbolHead.Of(piece, content.Length), content);
    }

    /// <summary>
    /// A repair has come. <paramref name="first"/> is the whole number of its lowest symbol, and
    /// <paramref name="window"/> says which symbols have been taken.
    /// </summary>
    public RepairResult OnRepair(in RepairFrame frame, ulong first, in SymbolWindow window)
    {
        _rows.Forget(window.Next > WireLimits.SymbolWindow ? window.Next - WireLimits.SymbolWindow : 0);
        var result = Classify(frame, first, window, out var missing);
        if (result == RepairResult.Kept)
            result = _rows.Add(frame, first, missing, _memory);
        if (result == RepairResult.Useless)
            drops.Add(DropReason.UselessRepair);
        if (result == RepairResult.OutOfBuffers)
            drops.Add(DropReason.OutOfBuffers);
        return result;
    }

    /// <summary>The next symbol that is solved now, the oldest first; its content is valid until the next call of anything here.</summary>
    public bool TryTakeSolved(out ulong symbol, out sbyte piece, out ReadOnlySpan<byte> content)
    {
        LetGo();
        while (_rows.TryTakeSolved(out symbol, out var head, out var buffer))
        {
            if (buffer is null || !TryFit(buffer, head, out piece))
            {
                drops.Add(DropReason.FalseRepair);
                if (buffer is not null)
                    pool.Return(buffer);
                continue;
            }

            buffer.Symbol = symbol;
            buffer.Piece = piece;
            if (!_memory.TryAdopt(buffer))
                _handedOut = buffer;
            content = buffer.Packet;
            return true;
        }

        piece = DataFrame.Whole;
        content = default;
        return false;
    }

    /// <summary>Symbols below this one are no longer wanted: what could only solve them goes.</summary>
    public void Forget(ulong below) => _rows.Forget(below);

    /// <summary>Gives everything back: the link has been silent, or has died.</summary>
    public void Trim()
    {
        LetGo();
        _memory.Clear();
        _rows.Clear();
    }

    /// <summary>Kept when something is missing and all the rest is remembered; then which of the covered symbols are missing, as bits.</summary>
    private RepairResult Classify(in RepairFrame frame, ulong first, in SymbolWindow window, out ulong missing)
    {
        missing = 0;
        if (first + (ulong)frame.Extent >= window.Next + WireLimits.SymbolWindow)
            return RepairResult.Useless;
        var forgotten = false;
        var bit = 1UL;
        for (var walk = frame.Symbols(first); walk.TryNext(out var symbol); bit <<= 1)
        {
            if (!window.IsPast(symbol))
                missing |= bit;
            else
                forgotten |= _memory.Find(symbol) is null;
        }

        if (missing == 0)
            return RepairResult.NothingMissing;
        return forgotten ? RepairResult.Useless : RepairResult.Kept;
    }

    /// <summary>Cuts the buffer to the length that its head names, if that is possible and all behind it is zero.</summary>
    private static bool TryFit(PacketBuffer buffer, ushort head, out sbyte piece)
    {
        if (!SymbolHead.TryRead(head, out piece, out var length) || length > buffer.Length || buffer.Packet[length..].ContainsAnyExcept((byte)0))
            return false;
        buffer.Length = length;
        return true;
    }

    private void LetGo()
    {
        if (_handedOut is not null)
            pool.Return(_handedOut);
        _handedOut = null;
    }
}
