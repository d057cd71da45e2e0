using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

[Collection(Alone.Name)]
public sealed class MulticastAllocationTests
{
    private const int Nodes = 9;

    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];
    private readonly TransportLayer[] _layers = new TransportLayer[Nodes];
    private readonly EdgeSet _all = new();
    private readonly EdgeSet _odd = new();
    private MonoTime _now = MonoTime.FromSeconds(1);
    private int _dropEvery = int.MaxValue;
    private int _packets;

    public MulticastAllocationTests()
    {
        for (var i = 0; i < Nodes; i++)
        {
            _layers[i] = new TransportLayer(new BootEpoch(1), TransportOptions.Default);
            _layers[i].SetEdge((ushort)i, new NodeId((ushort)(i + 1)), isSelf: true);
            _layers[0].SetEdge((ushort)i, new NodeId((ushort)(i + 1)), isSelf: i == 0);
            if (i > 0)
                _all.Add((ushort)i);
            if (i % 2 == 1)
                _odd.Add((ushort)i);
        }
    }

    [Theory]
    [InlineData(100, int.MaxValue)]
    [InlineData(5_000, int.MaxValue)]
    [InlineData(100, 31)]
    public void AMessageInSteadyStateAllocatesNothing(int length, int dropEvery)
    {
        _layers[0].OpenMulticast(ServiceClass.Signal, 0, out var flow);
        var message = new byte[length];
        _dropEvery = dropEvery;
        Exchange(flow, message, rounds: 1_000);
        var allocated = long.MaxValue;

        // Compiling a method anew allocates on the thread that waits for it; a message that allocates does so every time.
        for (var attempt = 0; attempt < 4 && allocated != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Exchange(flow, message, rounds: 1_000);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.Equal(0, _layers[0].Counters.DestinationsLost);
    }

    /// <summary>Its audience changes with every message.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    public void ARealtimeMessageToManyInSteadyStateAllocatesNothing(int length)
    {
        Assert.Equal(OpenResult.Opened, _layers[0].OpenRealtimeMulticast(_all, 0, Duration.FromSeconds(1), out var flow));
        var message = new byte[length];
        ExchangeRealtime(flow, message, rounds: 1_000);
        var allocated = long.MaxValue;
        for (var attempt = 0; attempt < 4 && allocated != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            ExchangeRealtime(flow, message, rounds: 1_000);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.True(_layers[1].Counters.MessagesDelivered > 500);
    }

    private void ExchangeRealtime(FlowHandle flow, byte[] message, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            var edge = (ushort)(1 + (i % (Nodes - 1)));
            if (!_layers[0].RemoveDestination(_now, flow, edge))
                _layers[0].AddDestination(flow, edge);
            _layers[0].Send(_now, flow, message, out _);
            for (var node = 0; node < Nodes; node++)
                Settle(node);
            _now += Duration.FromMilliseconds(4);
        }
    }

    private void Exchange(FlowHandle flow, byte[] message, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            _layers[0].SendMulticast(_now, flow, i % 3 == 0 ? _odd : _all, message, out _);
            for (var node = 0; node < Nodes; node++)
                Settle(node);
            Settle(0);
            _now += Duration.FromMilliseconds(4);
        }
    }

    private void Settle(int node)
    {
        var layer = _layers[node];
        layer.HandleTimeout(_now);
        var gate = ClassGate.AllOpen;
        while (layer.TryPollTransmit(_now, ref gate, _buffer, out var transmit, out var length))
        {
            if (transmit.Targets is not { } targets)
            {
                if (++_packets % _dropEvery != 0)
                    _layers[transmit.Destination.Value - 1].HandlePacket(_now, new NodeId((ushort)(node + 1)), transmit.Class, MonoTime.Never, false, _buffer.AsSpan(0, length));
                continue;
            }

            for (uint bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(targets.Bits); bits != 0; bits &= bits - 1)
            {
                if (++_packets % _dropEvery != 0)
                    _layers[BitOperations.TrailingZeroCount(bits)].HandleMulticastPacket(_now, new NodeId((ushort)(node + 1)), transmit.Class, transmit.Deadline, false, _buffer.AsSpan(0, length));
            }
        }

        while (layer.TryReceive(_now, out _))
        {
        }

        while (layer.TryPollEvent(out _))
        {
        }
    }
}
