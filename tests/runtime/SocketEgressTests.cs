using System.Net;
using WeCan.Contracts;

namespace WeCan.Runtime.Tests;

public sealed class SocketEgressTests
{
    [Fact]
    public void WhatTheSystemRefusesIsCountedByReasonAndLetGo()
    {
        var statistics = new DriverStatistics();
        using var socket = OverlaySocket.Open(IPEndPoint.Parse("127.0.0.1:0"));
        var egress = new SocketEgress(socket, statistics);
        var self = OverlaySocket.LocalAddress(socket);

        Assert.True(egress.TrySend(MonoTime.Zero, self, new byte[70_000]));
        Assert.Equal(1, statistics.SendFailures(SendFailure.TooLong));

        // From an address of the loopback, nothing beyond it can be reached.
        Assert.True(egress.TrySend(MonoTime.Zero, NetAddress.FromIPv4(0xC000_0201, 9), [1]));
        Assert.Equal(1, statistics.SendFailures(SendFailure.BadAddress) + statistics.SendFailures(SendFailure.Unreachable));

        // An address to everybody, on a socket that may not speak to everybody.
        Assert.True(egress.TrySend(MonoTime.Zero, NetAddress.FromIPv4(0xFFFF_FFFF, 9), [1]));
        Assert.Equal(3, Enum.GetValues<SendFailure>().Sum(statistics.SendFailures));
        Assert.Equal(0, statistics.DatagramsSent);

        Assert.True(egress.TrySend(MonoTime.Zero, self, [1, 2, 3]));
        Assert.Equal(1, statistics.DatagramsSent);
        Assert.Equal(3, statistics.BytesSent);
    }
}
