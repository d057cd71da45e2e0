using WeCan.Contracts;
using WeCan.Protocol.Coding;
using WeCan.Protocol.Links;
using WeCan.Protocol.Tests.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Coding;

/// <summary>
/// One class of one link without the link: a sender's packets by their symbols, and a decoder driven as a receiver drives
/// it. It fails at once when what is solved is not bit for bit what was sent, or comes twice.
/// </summary>
internal sealed class CodedClass
{
    private readonly byte[] _frame = new byte[WireLimits.FullDatagram];
    private readonly SimRandom _random;
    private SymbolWindow _window;
    private byte _row;

    public CodedClass(ulong seed, long poolBytes = 64L << 20)
    {
        _random = new(seed);
        Pool = new(poolBytes);
        Decoder = new(Pool, Drops);
    }

    /// <summary>The receiver's memory alone; what is sent lies elsewhere.</summary>
    public PacketPool Pool { get; }

    public DropCounters Drops { get; } = new();

    public RepairDecoder Decoder { get; }

    public List<PacketBuffer> Sent { get; } = [];

    /// <summary>Every symbol that the receiver has, by either way.</summary>
    public HashSet<ulong> Had { get; } = [];

    public List<ulong> Solved { get; } = [];

    public ref readonly SymbolWindow Window => ref _window;

    public PacketBuffer Send(int length, sbyte piece = DataFrame.Whole)
    {
        var packet = new PacketBuffer(new byte[length]) { Length = length, Symbol = (ulong)Sent.Count, Piece = piece };
        _random.Fill(packet.Packet);
        Sent.Add(packet);
        return packet;
    }

    public void SendMany(int count, Func<int> length)
    {
        for (var i = 0; i < count; i++)
            Send(length(), (sbyte)(_random.Below(3) - 1));
    }

    /// <summary>The symbol comes by DATA, for the first time or again.</summary>
    public void Arrive(ulong symbol)
    {
        if (!_window.TryTake(symbol))
            return;
        Assert.True(Had.Add(symbol));
        var packet = Sent[(int)symbol];
        Decoder.OnSymbol(symbol, packet.Piece, packet.Packet);
        TakeSolved();
    }

    public byte[] Repair(params ulong[] symbols) => Repair(_row++, symbols);

    /// <summary>A repair's bytes, over these symbols.</summary>
    public byte[] Repair(byte row, ulong[] symbols)
    {
        PacketBuffer[] covered = [.. symbols.Select(symbol => Sent[(int)symbol])];
        var writer = new WireWriter(_frame);
        RepairEncoder.Write(ref writer, ServiceClass.Realtime, row, covered);
        Assert.Equal(RepairEncoder.Measure(covered), writer.Length);
        return [.. writer.Written];
    }

    public RepairResult Arrive(ReadOnlySpan<byte> repair)
    {
        var before = Decoder.RegionOperations;
        var reader = new WireReader(repair[1..]);
        Assert.True(RepairFrame.TryRead(repair[0], ref reader, out var frame));
        var result = Decoder.OnRepair(frame, Serial.Expand24(frame.First, _window.Next), _window);
        Assert.InRange(Decoder.RegionOperations - before, 0, CodingLimits.MaxRegionOperations);
        TakeSolved();
        return result;
    }

    private void TakeSolved()
    {
        while (Decoder.TryTakeSolved(out var symbol, out var piece, out var content))
        {
            Assert.True(_window.TryTake(symbol));
            Assert.True(Had.Add(symbol));
            Assert.Equal(Sent[(int)symbol].Piece, piece);
            Assert.True(content.SequenceEqual(Sent[(int)symbol].Packet));
            Solved.Add(symbol);
        }
    }
}
