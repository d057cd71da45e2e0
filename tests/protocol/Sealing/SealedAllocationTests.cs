using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Sealing;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Sealing;

[Collection(Alone.Name)]
public sealed class SealedAllocationTests : IDisposable
{
    private readonly DeterministicRandom _random = DeterministicRandom.FromNumber(5);
    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];
    private readonly P256KeyPair[] _keys;
    private readonly SealingLayer[] _sealings;
    private readonly TransportLayer[] _layers;
    private MonoTime _now = MonoTime.FromSeconds(1);

    public SealedAllocationTests()
    {
        _keys = [P256KeyPair.Generate(_random), P256KeyPair.Generate(_random)];
        _sealings = [.. _keys.Select((key, i) => new SealingLayer(new NodeIdentity(key, new NodeId((ushort)(i + 1)), new BootEpoch(1)), _random))];
        _layers = [.. _sealings.Select(sealing => new TransportLayer(new BootEpoch(1), TransportOptions.Default, sealing))];
        for (var i = 0; i < 2; i++)
            _layers[i].RequireSealing(_now, new NodeId((ushort)(2 - i)), _keys[1 - i].PublicKey);
    }

    public void Dispose()
    {
        foreach (var sealing in _sealings)
            sealing.Dispose();
        foreach (var key in _keys)
            key.Dispose();
    }

    [Theory]
    [InlineData(ServiceClass.Signal, 1_200, 5)]
    [InlineData(ServiceClass.Bulk, 5_000, 3)]
    [InlineData(ServiceClass.Realtime, 100, 5)]
    public void ASealedMessageInSteadyStateAllocatesNothing(ServiceClass serviceClass, int length, int batch)
    {
        _layers[0].SetRoute(new NodeId(2), 0, [new(30), new NodeId(2)]);
        FlowHandle flow;
        if (serviceClass == ServiceClass.Realtime)
            _layers[0].OpenRealtime(new NodeId(2), 0, Duration.FromSeconds(1), out flow);
        else
            _layers[0].OpenStream(new NodeId(2), serviceClass, 0, 0, out flow);
        var message = new byte[length];
        Exchange(flow, message, batch, rounds: 500);
        var allocated = long.MaxValue;

        // Compiling a method anew allocates on the thread that waits for it; a message that allocates does so every time.
        for (var tries = 0; tries < 4 && allocated != 0; tries++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Exchange(flow, message, batch, rounds: 1_000);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.True(_layers[1].Counters.PacketsOpened > 1_500 * batch);
        Assert.Equal(_layers[0].Counters.PacketsReceived, _layers[0].Counters.PacketsOpened + _layers[0].Counters.SealingSessions);
    }

    private void Exchange(FlowHandle flow, byte[] message, int batch, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            for (var j = 0; j < batch; j++)
            {
                if (_layers[0].Send(_now, flow, message, out _) != SendResult.Accepted)
                    throw new InvalidOperationException("The message was not accepted.");
            }

            for (var turn = 0; turn < 6; turn++)
                Serve(turn & 1);
        }
    }

    private void Serve(int from)
    {
        var gate = ClassGate.AllOpen;
        while (_layers[from].TryPollTransmit(_now, ref gate, _buffer, out var transmit, out var length))
            _layers[1 - from].HandlePacket(_now, new NodeId((ushort)(from + 1)), transmit.Class, transmit.Deadline, false, _buffer.AsSpan(0, length));
        while (_layers[from].TryReceive(_now, out _))
        {
        }

        while (_layers[from].TryPollEvent(out _))
        {
        }

        _now += Duration.FromMicroseconds(2_500);
        _layers[from].HandleTimeout(_now);
    }
}
