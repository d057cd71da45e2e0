using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

[Collection(Alone.Name)]
public sealed class TransportAllocationTests
{
    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];
    private readonly TransportLayer[] _layers =
        [new(new BootEpoch(1), TransportOptions.Default), new(new BootEpoch(1), TransportOptions.Default)];

    private MonoTime _now = MonoTime.FromSeconds(1);

    [Theory]
    [InlineData(ServiceClass.Realtime, 100, 5, 2)]
    [InlineData(ServiceClass.Realtime, 5_000, 2, 2)]
    [InlineData(ServiceClass.Signal, 100, 1)]
    [InlineData(ServiceClass.Signal, 100, 20)]
    [InlineData(ServiceClass.Bulk, 5_000, 3)]
    [InlineData(ServiceClass.Realtime, 100, 5)]
    [InlineData(ServiceClass.Realtime, 5_000, 2)]
    public void AMessageInSteadyStateAllocatesNothing(ServiceClass serviceClass, int length, int batch, int paths = 1)
    {
        for (var token = 0; token < 2; token++)
        {
            _layers[0].SetRoute(new NodeId(2), token, [new((ushort)(30 + token)), new NodeId(2)]);
            _layers[1].SetRoute(new NodeId(1), token, [new((ushort)(30 + token)), new NodeId(1)]);
        }

        FlowHandle flow;
        if (serviceClass == ServiceClass.Realtime)
            _layers[0].OpenRealtime(new NodeId(2), 0, Duration.FromSeconds(1), out flow, paths);
        else
            _layers[0].OpenStream(new NodeId(2), serviceClass, 0, 0, out flow);
        var message = new byte[length];
        Exchange(flow, message, batch, rounds: 300);
        var allocated = long.MaxValue;
        var rounds = 300;

        // Compiling a method anew allocates on the thread that waits for it; a message that allocates does so every time.
        for (; rounds <= 2_300 && allocated != 0; rounds += 1_000)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Exchange(flow, message, batch, rounds: 1_000);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.Equal(rounds * batch, _layers[1].Counters.MessagesDelivered);
        Assert.Equal(serviceClass == ServiceClass.Realtime, _layers[0].Counters.ReportsReceived > rounds / 10);
    }

    [Fact]
    public void AnIdleFlowIsSmallOnBothSides()
    {
        const int Flows = 20_000;
        var handles = new FlowHandle[Flows];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Flows; i++)
        {
            _layers[0].OpenStream(new NodeId(2), ServiceClass.Signal, 0, 0, out handles[i]);
            Assert.Equal(SendResult.Accepted, _layers[0].Send(_now, handles[i], [1], out _));
            if (i % 16 == 0)
                Settle();
        }

        Settle();
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (2 * Flows);
        Assert.True(each <= 512, $"an idle flow takes {each} bytes at each end");
        GC.KeepAlive(handles);
    }

    private void Exchange(FlowHandle flow, byte[] message, int batch, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            for (var j = 0; j < batch; j++)
                Require(_layers[0].Send(_now, flow, message, out _) == SendResult.Accepted);
            Settle();
        }
    }

    private void Settle()
    {
        for (var round = 0; round < 3; round++)
        {
            for (var from = 0; from < 2; from++)
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

                _now += Duration.FromMilliseconds(4);
                _layers[from].HandleTimeout(_now);
            }
        }
    }

    private static void Require(bool holds)
    {
        if (!holds)
            throw new InvalidOperationException("The message was not accepted.");
    }
}
