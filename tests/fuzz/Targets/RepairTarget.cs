using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol;
using WeCan.Protocol.Coding;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>
/// A decoder of repairs whose peer has the right keys and lies. The input is a script of steps, each a byte and what it
/// needs. As long as it has told no lie, whatever is solved is what was sent.
/// </summary>
internal sealed class RepairTarget : FuzzTarget
{
    private const int MostSteps = 600;
    private const long PoolBytes = 120 * 1_024;
    private const ulong Sent = 6_000;

    private readonly PacketBuffer[] _packets = [.. Enumerable.Range(0, (int)Sent).Select(PacketOf)];
    private readonly byte[] _frame = new byte[WireLimits.FullDatagram];
    private readonly HashSet<ulong> _taken = [];
    private PacketPool _pool = new(PoolBytes);
    private DropCounters _drops = new();
    private RepairDecoder _decoder = new(new PacketPool(PoolBytes), new DropCounters());
    private SymbolWindow _window;
    private ulong _next;
    private bool _hasLied;

    public override string Name => "repair-decoder";

    public override int Mutations => 8_000;

    public override IReadOnlyList<string> Places =>
        ["a symbol solved", "several at once", "a false symbol", .. Enum.GetValues<RepairResult>().Select(result => result.ToString())];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus()
    {
        yield return ("one-of-five", [0, 3, 1, 0, 0, 0, 2, 9, 5, 0, 2, 9, 5, 0]);
        yield return ("three-of-twenty", [0, 9, 1, 2, 0, 6, 2, 1, 20, 0, 2, 2, 20, 0, 2, 3, 20, 0]);
        yield return ("late-symbols-solve", [1, 7, 2, 1, 8, 0, 2, 2, 8, 0, 2, 2, 8, 0, 8, 3, 8, 5, 8, 1]);
        yield return ("sets-that-differ", [0, 40, 1, 20, .. Enumerable.Range(0, 30).SelectMany(i => (byte[])[2, (byte)i, (byte)(2 + (i % 9)), (byte)(i % 5), 0, 0])]);
        yield return ("rows-without-end", [.. Enumerable.Range(0, 80).SelectMany(i => (byte[])[1, 2, 2, (byte)i, 3, 0])]);
        yield return ("forgotten", [0, 20, 1, 1, .. Enumerable.Repeat((byte[])[0, 200], 3).SelectMany(step => step), 3, 0, 14, 0x21, 0, 0, 20, 5, 0, 1, .. new byte[7]]);
        yield return ("no-buffers", [.. Enumerable.Range(0, 12).SelectMany(_ => (byte[])[0, 31]), 1, 40, .. Enumerable.Range(0, 40).SelectMany(i => (byte[])[2, (byte)i, 40, 0])]);
        yield return ("a-flipped-byte", [0, 5, 1, 0, 5, 7, 6, 0, 7]);
        yield return ("false-symbol", [1, 5, 4, 2, 0, 3, 1, 2, 3, 2, 1, 3, 0, 2, 2, 3, 0]);
        yield return ("false-repair", [0, 3, 3, 0, 12, 0x21, 0, 0, 2, 5, 1, 0, 1, 2, 1, 2, 3]);
        yield return ("far", [1, 255, 1, 255, 0, 1, 2, 1, 10, 3, .. Enumerable.Repeat((byte[])[1, 255], 16).SelectMany(step => step), 0, 1, 2, 2, 5, 0]);
        yield return ("given-back", [0, 5, 1, 3, 2, 1, 5, 0, 7, 0, 2, 1, 5, 0, 0, 3, 1, 0, 2, 2, 3, 0, 6, 200, 2, 3, 3, 0]);
    }

    public override void Run(byte[] input)
    {
        (_pool, _drops, _window, _next, _hasLied) = (new PacketPool(PoolBytes), new DropCounters(), default, 0, false);
        _decoder = new RepairDecoder(_pool, _drops);
        _taken.Clear();
        var reader = new WireReader(input);
        for (var step = 0; step < MostSteps && reader.TryReadByte(out var operation); step++)
        {
            var before = _decoder.RegionOperations;
            reader.TryReadByte(out var argument);
            Step(operation, argument, ref reader);
            var arrivals = (operation & 15) == 0 ? argument : 1;
            Require(_decoder.RegionOperations - before <= arrivals * (long)CodingLimits.MaxRegionOperations, "An arrival cost more than the bound.");
            const long Most = (CodingLimits.RememberedSymbols + CodingLimits.MaxUnknowns + 1L) * PacketPool.FullCapacity;
            Require(_pool.RentedBytes <= Math.Min(Most, PoolBytes), $"The decoder holds {_pool.RentedBytes} bytes.");
        }

        Reach("a false symbol", _drops[DropReason.FalseRepair] > 0);
        Require(_hasLied || _drops[DropReason.FalseRepair] == 0, "A true repair was called false.");
        _decoder.Trim();
        _window.Trim();
        Require(_pool.RentedBytes == 0, $"After a trim {_pool.RentedBytes} bytes are held.");
    }

    private void Step(byte operation, byte argument, ref WireReader reader)
    {
        switch (operation & 15)
        {
            case 0:
                for (var i = 0; i < argument; i++)
                    Arrive(_next++);
                break;
            case 1:
                _next += argument;
                break;
            case 2 or 5:
                reader.TryReadByte(out var count);
                reader.TryReadByte(out var back);
                TrueRepair(argument, count, back, isFlipped: (operation & 15) == 5);
                break;
            case 3:
                reader.TryReadByte(out var length);
                reader.TryReadBytes(Math.Min(length, reader.Remaining), out var bytes);
                _hasLied = true;
                Take(bytes);
                break;
            case 4:
                reader.TryReadByte(out var piece);
                reader.TryReadByte(out length);
                reader.TryReadBytes(Math.Min(length, reader.Remaining), out bytes);
                FalseSymbol(argument, (sbyte)((piece % 3) - 1), bytes);
                break;
            case 6:
                _decoder.Forget(_next - Math.Min(_next, argument));
                break;
            case 7:
                _decoder.Trim();
                break;
            default:
                Arrive(_next - Math.Min(_next, argument));
                break;
        }
    }

    private static PacketBuffer PacketOf(int symbol)
    {
        var length = (symbol % 5) switch { 0 => 1 + (symbol % 40), 1 => PacketPool.SmallCapacity, 2 => WireLimits.MaxPathPacket, _ => 1 + (symbol * 37 % 600) };
        var packet = new PacketBuffer(new byte[length]) { Length = length, Symbol = (ulong)symbol, Piece = (sbyte)((symbol % 3) - 1) };
        new Random(symbol).NextBytes(packet.Bytes);
        return packet;
    }

    private void Arrive(ulong symbol)
    {
        if (symbol >= Sent || !_window.TryTake(symbol))
            return;
        Require(_taken.Add(symbol), "A symbol came that had come.");
        var packet = _packets[symbol];
        _decoder.OnSymbol(symbol, packet.Piece, packet.Packet);
        TakeSolved();
    }

    private void FalseSymbol(byte back, sbyte piece, ReadOnlySpan<byte> content)
    {
        var symbol = _next - Math.Min(_next, back);
        if (content.IsEmpty || !_window.TryTake(symbol))
            return;
        _hasLied = true;
        _taken.Add(symbol);
        _decoder.OnSymbol(symbol, piece, content);
        TakeSolved();
    }

    /// <summary>Over so many symbols, the last of them so far back; every third is left out when the count is odd.</summary>
    private void TrueRepair(byte row, byte count, byte back, bool isFlipped)
    {
        var end = Math.Min(_next, Sent) - Math.Min(Math.Min(_next, Sent), back);
        var start = end - Math.Min(end, count);
        PacketBuffer[] covered = [.. _packets.AsSpan((int)start, (int)(end - start))];
        if (count % 2 == 1)
            covered = [.. covered.Where(packet => packet.Symbol % 3 != 1)];
        if (RepairEncoder.Measure(covered) == 0)
            return;
        var writer = new WireWriter(_frame);
        RepairEncoder.Write(ref writer, ServiceClass.Realtime, row, covered);
        _hasLied |= isFlipped;
        if (isFlipped)
            _frame[writer.Length - 1] ^= 0x40;
        Take(writer.Written);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        if (!reader.TryReadByte(out var type) || !RepairFrame.TryRead(type, ref reader, out var frame))
            return;
        Reach(_decoder.OnRepair(frame, Serial.Expand24(frame.First, _window.Next), _window).ToString(), holds: true);
        TakeSolved();
    }

    private void TakeSolved()
    {
        var solved = 0;
        for (; _decoder.TryTakeSolved(out var symbol, out var piece, out var content); solved++)
        {
            Require(_taken.Add(symbol), "A symbol was solved that had come.");
            Require(content.Length is > 0 and <= WireLimits.MaxPathPacket && piece is >= DataFrame.Whole and <= 1, "No symbol is like this.");
            if (!_hasLied)
                Require(symbol < Sent && piece == _packets[symbol].Piece && content.SequenceEqual(_packets[symbol].Packet), $"Symbol {symbol} was solved and is not what was sent.");
            _window.TryTake(symbol);
        }

        Reach("a symbol solved", solved > 0);
        Reach("several at once", solved > 1);
    }
}
