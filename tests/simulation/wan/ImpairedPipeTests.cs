using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Tests.Wan;

public sealed class ImpairedPipeTests
{
    private static readonly NetAddress From = NetAddress.FromIPv4(0x7F000001, 1_000);
    private static readonly NetAddress To = NetAddress.FromIPv4(0x7F000001, 2_000);

    [Fact]
    public void ItDelaysDuplicatesAndCountsForAnyAddress()
    {
        var pipe = new ImpairedPipe(new() { Delay = Duration.FromMilliseconds(5), Duplicate = 1 }, seed: 1);
        Assert.Equal(PacketFate.Carried, pipe.Enqueue(MonoTime.Zero, From, To, [1, 2, 3]));
        Assert.Equal(MonoTime.FromMilliseconds(5), pipe.NextDue);
        Assert.False(pipe.TryDequeue(MonoTime.FromMilliseconds(4), out _));
        Assert.True(pipe.TryDequeue(MonoTime.FromMilliseconds(6), out var delivery));
        Assert.Equal(new(From, To), delivery.Route);
        Assert.Equal([1, 2, 3], delivery.Datagram.ToArray());
        Assert.True(pipe.TryDequeue(MonoTime.FromMilliseconds(6), out _));
        Assert.False(pipe.TryDequeue(MonoTime.FromMilliseconds(6), out _));
        Assert.Equal((1, 31, 2, 62), (pipe.Counters.Sent, pipe.Counters.SentBytes, pipe.Counters.Delivered, pipe.Counters.DeliveredBytes));
    }

    [Fact]
    public void ItsSettingsMayChangeAndItsCapacityHolds()
    {
        var pipe = new ImpairedPipe(new() { Down = true }, seed: 1, capacity: 2);
        Assert.Equal(PacketFate.Lost, pipe.Enqueue(MonoTime.Zero, From, To, [1]));
        pipe.Settings = new() { Delay = Duration.FromMilliseconds(1) };
        Assert.Equal(PacketFate.Carried, pipe.Enqueue(MonoTime.Zero, From, To, [1]));
        Assert.Equal(PacketFate.Full, pipe.Enqueue(MonoTime.Zero, From, To, [1]));
        Assert.Equal(PacketFate.TooBig, new ImpairedPipe(new(), seed: 1).Enqueue(MonoTime.Zero, From, To, new byte[1_473]));
    }
}
