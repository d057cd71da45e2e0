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

        // From an address of the loopback, nothing beyond it can be reached.
        egress.Send(MonoTime.Zero, NetAddress.FromIPv4(0xC000_0201, 9), 1);
        Assert.True(egress.TryFlush(MonoTime.Zero));
        Assert.Equal(1, statistics.SendFailures(SendFailure.BadAddress) + statistics.SendFailures(SendFailure.Unreachable));

        // An address to everybody, on a socket that may not speak to everybody.
        egress.Send(MonoTime.Zero, NetAddress.FromIPv4(0xFFFF_FFFF, 9), 1);
        Assert.Equal(2, Enum.GetValues<SendFailure>().Sum(statistics.SendFailures));
        Assert.Equal(0, statistics.DatagramsSent);

        egress.Send(MonoTime.Zero, self, 3);
        Assert.Equal(1, statistics.DatagramsSent);
        Assert.Equal(3, statistics.BytesSent);
    }
}
