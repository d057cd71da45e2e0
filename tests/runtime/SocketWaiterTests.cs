using System.Diagnostics;
using System.Net;
using WeCan.Contracts;

namespace WeCan.Runtime.Tests;

public sealed class SocketWaiterTests
{
    [Fact]
    public void HalfAMillisecondIsWaitedAndNotSpunThrough()
    {
        using var socket = OverlaySocket.Open(IPEndPoint.Parse("127.0.0.1:0"));
        using var wake = new WakeSocket();
        var waiter = new SocketWaiter(socket, wake.Socket);
        for (var i = 0; i < 20; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Assert.Equal(Readiness.None, waiter.Wait(Duration.FromMilliseconds(0.5), forWriting: false));
            Assert.True(Stopwatch.GetElapsedTime(start).TotalMilliseconds >= 0.5);
        }
    }

    /// <summary>What a signal left on its socket that had come while the one before was cleared.</summary>
    [Fact]
    public void ClearingLeavesNothingThatWouldWakeForEver()
    {
        using var socket = OverlaySocket.Open(IPEndPoint.Parse("127.0.0.1:0"));
        using var wake = new WakeSocket();
        var waiter = new SocketWaiter(socket, wake.Socket);
        wake.Socket.Send([1]);
        Assert.Equal(Readiness.Woken, waiter.Wait(Duration.FromSeconds(10), forWriting: false));
        wake.Clear();
        Assert.Equal(Readiness.None, waiter.Wait(Duration.Zero, forWriting: false));
    }

    [Fact]
    public void ItSaysWhyItReturned()
    {
        using var socket = OverlaySocket.Open(IPEndPoint.Parse("127.0.0.1:0"));
        using var wake = new WakeSocket();
        var waiter = new SocketWaiter(socket, wake.Socket);
        var atMost = Duration.FromSeconds(10);
        Assert.Equal(Readiness.Writable, waiter.Wait(atMost, forWriting: true));
        wake.Signal();
        wake.Signal();
        Assert.Equal(Readiness.Woken, waiter.Wait(atMost, forWriting: false));
        wake.Clear();
        Assert.Equal(Readiness.None, waiter.Wait(Duration.Zero, forWriting: false));
        socket.SendTo([1], socket.LocalEndPoint!);
        Assert.Equal(Readiness.Readable, waiter.Wait(atMost, forWriting: false));
        wake.Signal();
        Assert.Equal(Readiness.Readable | Readiness.Writable | Readiness.Woken, waiter.Wait(atMost, forWriting: true));
    }

    [Fact]
    public async Task TheLoopsThreadIsWokenWhenItsTimeHasCome()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lets a thread choose its timers' slack.");
        using var node = new TestNode(1, new());
        var slack = await node.AskAsync((_, _) =>
        {
            var thread = new FileInfo("/proc/thread-self").LinkTarget!.Split('/')[^1];
            return File.ReadAllText($"/proc/{thread}/timerslack_ns").Trim();
        });
        Assert.Equal("1", slack);
    }
}
