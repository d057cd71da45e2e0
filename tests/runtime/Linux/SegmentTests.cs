using WeCan.Contracts;
using WeCan.Protocol.Wire;
using WeCan.Sockets.Linux;

namespace WeCan.Runtime.Tests.Linux;

/// <summary>Datagrams through the system's joining and cutting, and through every fallback: what arrives is always the same.</summary>
public sealed class SegmentTests
{
    public static TheoryData<string> Binds => ["127.0.0.1:0", "[::1]:0", "[::]:0", "0.0.0.0:0"];

    [Theory]
    [MemberData(nameof(Binds))]
    public void DatagramsOfEveryLengthArriveAsTheyWere(string bind)
    {
        using var pair = new EndPair(bind);
        var all = Enumerable.Range(4, WireLimits.FullDatagram - 3).ToList();
        foreach (var chunk in all.Chunk(200))
        {
            foreach (var length in chunk)
                pair.Send(length, length);
            Assert.True(pair.Egress.TryFlush(MonoTime.Zero));
            Assert.Equal(chunk, pair.Receive(chunk.Length));
        }

        Assert.Equal(all, pair.Lengths);
        Assert.Equal(all.Count, pair.Sent.DatagramsSent);
        Assert.Equal(all.Count, pair.Received.DatagramsReceived);
        Assert.Equal(all.Sum(), pair.Sent.BytesSent);
    }

    [Theory]
    [MemberData(nameof(Binds))]
    public void DatagramsOfOneLengthShareAMessage(string bind)
    {
        using var pair = new EndPair(bind);
        for (var i = 0; i < 48; i++)
            pair.Send(i, i == 47 ? 700 : 1_200);
        Assert.True(pair.Egress.TryFlush(MonoTime.Zero));
        Assert.Equal(Enumerable.Range(0, 48), pair.Receive(48));
        Assert.Equal(Enumerable.Repeat(1_200, 47).Append(700), pair.Lengths);
        Assert.True(pair.Sent.JoinsSends);
        Assert.True(pair.Received.JoinsReceives);
        Assert.Equal(1, pair.Sent.SendCalls);
        Assert.Equal(1, pair.Received.ReceiveCalls);
        Assert.True(pair.IsSilent());
    }

    [Fact]
    public void MoreThanAMessageHoldsGoesInTwo()
    {
        using var pair = new EndPair("127.0.0.1:0");
        for (var i = 0; i < 70; i++)
            pair.Send(i, 100);
        for (var i = 70; i < 90; i++)
            pair.Send(i, WireLimits.FullDatagram);
        Assert.True(pair.Egress.TryFlush(MonoTime.Zero));
        Assert.Equal(Enumerable.Range(0, 90), pair.Receive(90));
        Assert.Equal(90, pair.Sent.DatagramsSent);
    }

    [Fact]
    public void DatagramsToSeveralKeepTheirAddresses()
    {
        using var first = new EndPair("127.0.0.1:0");
        using var second = new EndPair("127.0.0.1:0");
        for (var i = 0; i < 60; i++)
            first.Send(i, 500, i % 3 == 0 ? NetAddress.FromIPv4(0x7F00_0001, second.FromPort) : first.To);
        Assert.True(first.Egress.TryFlush(MonoTime.Zero));
        Assert.Equal(Enumerable.Range(0, 60).Where(i => i % 3 != 0), first.Receive(40));
        Assert.True(first.IsSilent());
    }

    [Theory]
    [InlineData(Errno.Io)]
    [InlineData(Errno.Invalid)]
    [InlineData(Errno.NoProtocolOption)]
    [InlineData(Errno.NotSupported)]
    public void WhereTheKernelDoesNotCutDatagramsLeaveSinglyAndSoonAreNotJoined(int error)
    {
        var joined = 0;
        using var pair = new EndPair("127.0.0.1:0", send: (descriptor, messages) =>
        {
            if (messages.Length == 0 || messages[0].Header.ControlLength == 0)
                return NativeSocket.Send(descriptor, messages);
            joined++;
            return -error;
        });
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 14; i++)
                pair.Send(i, i < 10 ? 1_000 : 1_100);
            Assert.True(pair.Egress.TryFlush(MonoTime.Zero));
            Assert.Equal(Enumerable.Range(0, 14), pair.Receive(14));
        }

        Assert.False(pair.Sent.JoinsSends);
        Assert.Equal(SocketLimits.SegmentRefusals, joined);
        Assert.Equal(280, pair.Sent.DatagramsSent);
        Assert.Equal(0, Enum.GetValues<SendFailure>().Sum(pair.Sent.SendFailures));
    }

    [Theory]
    [InlineData(Errno.NoSystemCall)]
    [InlineData(Errno.NotPermitted)]
    public void WhereTheCallsAreForbiddenTheManagedSocketDoesTheWork(int error)
    {
        using var pair = new EndPair("[::]:0", receive: (_, _) => -error, send: (_, _) => -error);
        Assert.IsType<SocketEgress>(pair.Egress);
        for (var i = 0; i < 10; i++)
            pair.Send(i, 1_000);
        Assert.True(pair.Egress.TryFlush(MonoTime.Zero));
        Assert.Equal(Enumerable.Range(0, 10), pair.Receive(10));
        Assert.False(pair.Sent.JoinsSends);
        Assert.False(pair.Received.JoinsReceives);
    }

    /// <summary>A full socket, at every place in a batch, and in a message that had to be cut here.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AFullSocketLosesNothingAndChangesNoOrder(bool doesNotCut)
    {
        var calls = 0;
        using var pair = new EndPair("127.0.0.1:0", send: (descriptor, messages) =>
        {
            if (messages.Length == 0)
                return 0;
            if (doesNotCut && messages[0].Header.ControlLength > 0)
                return -Errno.Io;
            return ++calls % 2 == 1 ? -Errno.Again : NativeSocket.Send(descriptor, messages[..1]);
        });
        var sizes = new[] { 900, 900, 900, 400, 900, 1_300, 1_300, 100, 101, 102 };
        for (var i = 0; i < sizes.Length; i++)
            pair.Send(i, sizes[i]);
        var rounds = 0;
        while (!pair.Egress.TryFlush(MonoTime.Zero))
        {
            Assert.True(pair.Egress.Draft.IsEmpty);
            Assert.InRange(++rounds, 1, 100);
        }

        Assert.Equal(rounds, pair.Sent.SendsDeferred);
        Assert.Equal(Enumerable.Range(0, sizes.Length), pair.Receive(sizes.Length));
        Assert.Equal(sizes, pair.Lengths);
    }

    [Theory]
    [InlineData(Errno.NoBuffers, SendFailure.NoBuffers)]
    [InlineData(Errno.HostUnreachable, SendFailure.Unreachable)]
    [InlineData(Errno.NotPermitted, SendFailure.NotPermitted)]
    [InlineData(Errno.MessageTooLong, SendFailure.TooLong)]
    public void WhatIsRefusedIsCountedAndTheRestLeaves(int error, SendFailure reason)
    {
        var calls = 0;
        using var pair = new EndPair("127.0.0.1:0", send: (descriptor, messages) =>
            messages.Length > 0 && ++calls == 1 ? -error : NativeSocket.Send(descriptor, messages));
        pair.Send(0, 1_000);
        pair.Send(1, 1_100);
        pair.Send(2, 1_100);
        Assert.True(pair.Egress.TryFlush(MonoTime.Zero));
        Assert.Equal([1, 2], pair.Receive(2));
        Assert.Equal(1, pair.Sent.SendFailures(reason));
        Assert.Equal(2, pair.Sent.DatagramsSent);
    }

    [Fact]
    public void AnErrorAtTheReceivingEndIsCountedOnceAndTheNextDatagramComes()
    {
        var calls = 0;
        using var pair = new EndPair("127.0.0.1:0", receive: (descriptor, messages) =>
            ++calls == 2 ? -111 : NativeSocket.Receive(descriptor, messages));
        pair.Send(7, 1_000);
        Assert.True(pair.Egress.TryFlush(MonoTime.Zero));
        Assert.Equal([7], pair.Receive(1));
        Assert.Equal(1, pair.Received.ReceiveErrors);
    }

    [Fact]
    public void AnAddressThatThisSocketCannotReachIsCounted()
    {
        using var pair = new EndPair("127.0.0.1:0");
        pair.Send(0, 100, NetAddress.FromIPv4(0xC000_0201, 9));
        Assert.True(NetAddress.TryParse("[2001:db8::1]:9", out var six));
        pair.Send(1, 100, six);
        pair.Send(2, 100);
        Assert.True(pair.Egress.TryFlush(MonoTime.Zero));
        Assert.Equal([2], pair.Receive(1));
        Assert.Equal(2, Enum.GetValues<SendFailure>().Sum(pair.Sent.SendFailures));
    }

    [Fact]
    public void NothingIsAllocatedForADatagram()
    {
        using var pair = new EndPair("[::]:0");
        pair.Pump(100, 20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(20_000, pair.Pump(100, 200));

        // What the compiler takes while it makes the loop faster is far less than a byte a datagram.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 19_999);
    }
}
