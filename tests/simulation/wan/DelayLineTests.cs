using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Tests.Wan;

public sealed class DelayLineTests
{
    private static readonly PacketRoute Route = new(NetAddress.FromIPv4(1, 1), NetAddress.FromIPv4(2, 2), 3, 4);

    [Fact]
    public void WhatGoesInComesOutByTimeThenByArrival()
    {
        var line = new DelayLine();
        var random = new WanRandom(1);
        var expected = new List<(long Due, int Number)>();
        for (var i = 0; i < 5_000; i++)
        {
            var due = (long)random.Next(500);
            expected.Add((due, i));
            Assert.True(line.TryEnqueue(new(due), Route, Payload(i)));
        }

        foreach (var (due, number) in expected.OrderBy(packet => packet.Due).ThenBy(packet => packet.Number))
        {
            Assert.Equal(new(due), line.NextDue);
            Assert.True(line.TryDequeue(new(500), out var delivery));
            Assert.Equal(new(due), delivery.Due);
            Assert.Equal(Route, delivery.Route);
            Assert.True(delivery.Datagram.SequenceEqual(Payload(number)));
        }

        Assert.Equal(MonoTime.Never, line.NextDue);
        Assert.False(line.TryDequeue(MonoTime.Never, out _));
    }

    [Fact]
    public void NothingComesBeforeItsTime()
    {
        var line = new DelayLine();
        line.TryEnqueue(new(10), Route, Payload(1));
        Assert.False(line.TryDequeue(new(9), out _));
        Assert.True(line.TryDequeue(new(10), out _));
    }

    [Fact]
    public void AFullLineRefuses()
    {
        var line = new DelayLine(capacity: 2);
        Assert.True(line.TryEnqueue(new(1), Route, Payload(1)));
        Assert.True(line.TryEnqueue(new(1), Route, Payload(2)));
        Assert.False(line.TryEnqueue(new(1), Route, Payload(3)));
        Assert.True(line.TryDequeue(new(1), out _));
        Assert.True(line.TryEnqueue(new(1), Route, Payload(3)));
    }

    [Fact]
    public void TheFlippedBitIsTheOneAskedFor()
    {
        var line = new DelayLine();
        line.TryEnqueue(new(1), Route, [0, 0, 0], corruptBit: 13);
        Assert.True(line.TryDequeue(new(1), out var delivery));
        Assert.Equal([0, 0x20, 0], delivery.Datagram.ToArray());
    }

    [Fact]
    public void ADeliveryOutlivesWhatIsSentMeanwhile()
    {
        var line = new DelayLine();
        line.TryEnqueue(new(1), Route, Payload(1));
        Assert.True(line.TryDequeue(new(1), out var delivery));
        for (var i = 2; i < 1_000; i++)
            line.TryEnqueue(new(1), Route, Payload(i));
        Assert.True(delivery.Datagram.SequenceEqual(Payload(1)));
    }

    [Fact]
    public void SizesFromNothingToTheLargestPass()
    {
        var line = new DelayLine();
        foreach (var size in (int[])[0, 1, 255, 256, 257, 1_499, 1_500, 1_501, WanLimits.MaxDatagram])
        {
            var payload = new byte[size];
            payload.AsSpan().Fill(0x5A);
            line.TryEnqueue(new(1), Route, payload);
            Assert.True(line.TryDequeue(new(1), out var delivery));
            Assert.True(delivery.Datagram.SequenceEqual(payload));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => line.TryEnqueue(new(1), Route, new byte[WanLimits.MaxDatagram + 1]));
    }

    private static byte[] Payload(int number) => BitConverter.GetBytes(number);
}
