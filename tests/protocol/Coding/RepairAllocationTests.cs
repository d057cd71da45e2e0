using WeCan.Contracts;
using WeCan.Protocol.Coding;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Coding;

/// <summary>Repairs are written, held and solved without taking anything from the heap once buffers have been used.</summary>
[Collection(Alone.Name)]
public sealed class RepairAllocationTests
{
    private const int Covered = 12;

    private readonly RepairDecoder _decoder = new(new PacketPool(64L << 20), new DropCounters());
    private readonly PacketBuffer[] _packets = new PacketBuffer[Covered];
    private readonly byte[] _frame = new byte[WireLimits.FullDatagram];
    private SymbolWindow _window;
    private ulong _next;
    private byte _row;
    private int _solved;

    public RepairAllocationTests()
    {
        for (var i = 0; i < Covered; i++)
            _packets[i] = new(new byte[WireLimits.MaxPathPacket]) { Length = 100 * (i + 1) };
    }

    [Fact]
    public void Repair_in_steady_state_allocates_nothing()
    {
        for (var turn = 0; turn < 200; turn++)
            Turn();
        var allocated = long.MaxValue;

        // Compiling a method anew allocates on the thread that waits for it; a repair that allocates does so every time.
        for (var attempt = 0; attempt < 3 && allocated != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var turn = 0; turn < 200; turn++)
                Turn();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.True(_solved >= 2 * 400);
    }

    /// <summary>Twelve symbols of which three are lost, and three repairs; one of the lost comes late and finds the rows waiting.</summary>
    private void Turn()
    {
        foreach (var packet in _packets)
            packet.Symbol = _next++;
        foreach (var packet in _packets.AsSpan(3))
            Arrive(packet);
        for (var i = 0; i < 2; i++)
        {
            var writer = new WireWriter(_frame);
            RepairEncoder.Write(ref writer, ServiceClass.Realtime, _row++, _packets);
            var reader = new WireReader(writer.Written[1..]);
            RepairFrame.TryRead(_frame[0], ref reader, out var frame);
            if (_decoder.OnRepair(frame, Serial.Expand24(frame.First, _window.Next), _window) != RepairResult.Kept)
                Assert.Fail("A repair of what is missing was not kept.");
            Take();
        }

        Arrive(_packets[1]);
        Take();
    }

    private void Arrive(PacketBuffer packet)
    {
        if (_window.TryTake(packet.Symbol))
            _decoder.OnSymbol(packet.Symbol, packet.Piece, packet.Packet);
    }

    private void Take()
    {
        while (_decoder.TryTakeSolved(out var symbol, out _, out _))
        {
            _window.TryTake(symbol);
            _solved++;
        }
    }
}
