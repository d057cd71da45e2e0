using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Runtime.Tests;

public sealed class OverlayDriverTests
{
    [Fact]
    public async Task TwoDriversExchangeSignalInOrderAndConfirmIt()
    {
        const int Messages = 500;
        var received = new List<int>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var confirmed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var sender = new TestNode(1, new()
        {
            TransportEvent = happened =>
            {
                if (happened is { Kind: TransportEventKind.Confirmed, Messages: Messages })
                    confirmed.TrySetResult();
            },
        });
        using var receiver = new TestNode(2, new()
        {
            Message = (Node node, MonoTime now, in ReceivedMessage message) =>
            {
                received.Add(BitConverter.ToInt32(message.Payload));
                Assert.Equal(ServiceClass.Signal, message.Class);
                Assert.Equal(SizeOf(received[^1]), message.Payload.Length);
                if (received.Count == Messages)
                    all.TrySetResult();
            },
        });
        await TestNode.LinkAsync(sender, receiver);
        await sender.AskAsync((node, now) =>
        {
            Assert.Equal(OpenResult.Opened, node.OpenStream(receiver.Id, ServiceClass.Signal, 3, out var flow));
            for (var i = 0; i < Messages; i++)
            {
                var message = new byte[SizeOf(i)];
                BitConverter.TryWriteBytes(message, i);
                Assert.Equal(SendResult.Accepted, node.Send(now, flow, message, out _));
            }

            return true;
        });
        await Task.WhenAll(all.Task, confirmed.Task).WaitAsync(TestNode.Bound);
        Assert.Equal(Enumerable.Range(0, Messages), received);

        static int SizeOf(int number) => 8 + (number * 37 % 2_000);
    }

    [Fact]
    public async Task TwoDriversExchangeRealtime()
    {
        const int Messages = 200;
        var received = new HashSet<int>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sent = 0;
        FlowHandle flow = default;
        using var sender = new TestNode(1, new()
        {
            Timeout = (node, now) => Assert.Equal(SendResult.Accepted, node.Send(now, flow, BitConverter.GetBytes(sent++), out _)),
        });
        using var receiver = new TestNode(2, new()
        {
            Message = (Node node, MonoTime now, in ReceivedMessage message) =>
            {
                Assert.Equal(ServiceClass.Realtime, message.Class);
                Assert.True(message.Deadline >= now);
                Assert.True(received.Add(BitConverter.ToInt32(message.Payload)), "delivered twice");
                if (received.Count == Messages)
                    all.TrySetResult();
            },
        });
        await TestNode.LinkAsync(sender, receiver);
        await sender.AskAsync((node, _) => node.OpenRealtime(receiver.Id, 3, Duration.FromSeconds(5), out flow));
        for (var i = 0; i < Messages; i++)
            await sender.AskAsync((_, _) => sender.Host.NextTimeout = MonoTime.Zero);
        await all.Task.WaitAsync(TestNode.Bound);
    }

    [Fact]
    public void APortInUseIsOneClearSentence()
    {
        using var first = new TestNode(1, new());
        var refusal = Assert.Throws<RuntimeStartException>(() => new TestNode(2, new(), first.Driver.LocalAddress.Port));
        Assert.Equal(
            $"UDP port {first.Driver.LocalAddress.Port} is in use by another program: stop that program, or choose another port.", refusal.Message);
    }

    [Fact]
    public void AnAddressOfAnotherMachineIsOneClearSentence()
    {
        var refusal = Assert.Throws<RuntimeStartException>(() => OverlaySocket.Open(IPEndPoint.Parse("192.0.2.1:0")));
        Assert.Contains("192.0.2.1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("none of this machine's", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoppingSaysGoodbyeAndFreesThePort()
    {
        using var staying = new TestNode(2, new());
        using var leaving = new TestNode(1, new());
        await TestNode.LinkAsync(leaving, staying);
        var address = leaving.Driver.LocalAddress;
        Assert.True(leaving.Driver.Stop(TestNode.Bound));
        await leaving.Driver.Completion.WaitAsync(TestNode.Bound);
        Assert.Equal(PostResult.Stopped, leaving.Driver.Post((_, _) => { }));
        await staying.Host.LinkDown.Task.WaitAsync(TestNode.Bound);
        using var again = new TestNode(3, new(), address.Port);
    }

    [Fact]
    public async Task StoppingFromTheLoopItselfDoesNotWaitForItself()
    {
        using var node = new TestNode(1, new());
        Assert.False(await node.AskAsync((_, _) => node.Driver.Stop(TestNode.Bound)));
        await node.Driver.Completion.WaitAsync(TestNode.Bound);
    }

    [Fact]
    public async Task AFaultOfTheHostEndsTheLoopAndIsTold()
    {
        using var node = new TestNode(1, new() { Timeout = (_, _) => throw new InvalidTimeZoneException("on purpose") });
        await node.AskAsync((_, _) => node.Host.NextTimeout = MonoTime.Zero);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => node.Driver.Completion.WaitAsync(TestNode.Bound));
        Assert.Equal(PostResult.Stopped, node.Driver.Post((_, _) => { }));
    }

    [Fact]
    public async Task AFullQueueIsToldAndWhatWasAcceptedRunsInOrder()
    {
        const int Length = 16;
        using var node = new TestNode(1, new(), commandQueue: Length);
        using var busy = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        node.Driver.Post((_, _) =>
        {
            busy.Set();
            go.Wait(TestNode.Bound);
        });
        Assert.True(busy.Wait(TestNode.Bound));
        var ran = new List<int>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var results = Enumerable.Range(0, Length + 3).Select(i => node.Driver.Post((_, _) =>
        {
            ran.Add(i);
            if (i == Length - 1)
                last.SetResult();
        })).ToArray();
        go.Set();
        await last.Task.WaitAsync(TestNode.Bound);
        Assert.Equal(Enumerable.Repeat(PostResult.Accepted, Length), results[..Length]);
        Assert.All(results[Length..], result => Assert.Equal(PostResult.QueueFull, result));
        Assert.Equal(Enumerable.Range(0, Length), await node.AskAsync((_, _) => ran));
        Assert.Equal(3, node.Driver.Statistics.CommandsRefused);
    }

    [Fact]
    public async Task NoWakeUpOfManyThreadsIsLost()
    {
        const int Threads = 4;
        const int Each = 20_000;
        using var node = new TestNode(1, new(), commandQueue: Threads * Each);
        var ran = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                Assert.Equal(PostResult.Accepted, node.Driver.Post((_, _) =>
                {
                    if (++ran == Threads * Each)
                        all.SetResult();
                }));
            }
        })));
        await all.Task.WaitAsync(TestNode.Bound);

        // One at a time: each finds the loop asleep, and would wait out MaxWait if its wake-up were lost.
        for (var i = 0; i < 2_000; i++)
            await node.AskAsync((_, _) => true);
    }

    [Fact]
    public async Task AnIdleLoopSleepsAndKeepsTheHostsTime()
    {
        MonoTime due = default;
        var fired = new TaskCompletionSource<Duration>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var node = new TestNode(1, new() { Timeout = (_, now) => fired.SetResult(now - due) });
        var before = await node.AskAsync((_, now) =>
        {
            due = node.Host.NextTimeout = now + Duration.FromMilliseconds(100.4);
            return node.Driver.Statistics.Turns;
        });
        var lag = await fired.Task.WaitAsync(TestNode.Bound);
        Assert.True(lag >= Duration.Zero, $"the timer came {-lag} early");
        Assert.InRange(node.Driver.Statistics.Turns - before, 1, 20);
    }

    [Fact]
    public async Task GarbageAndStrangersAreTakenAndDropped()
    {
        using var node = new TestNode(1, new());
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var target = node.Driver.LocalAddress.ToEndPoint();
        var random = new Random(7);
        foreach (var size in new[] { 0, 1, 0, 40, 1_200, 1_373, 9_000, 0, 200 })
        {
            var garbage = new byte[size];
            random.NextBytes(garbage);
            stranger.SendTo(garbage, target);
        }

        var deadline = DateTime.UtcNow + TestNode.Bound;
        while (node.Driver.Statistics.DatagramsReceived < 9 && DateTime.UtcNow < deadline)
            await node.AskAsync((_, _) => true);
        Assert.Equal(9, node.Driver.Statistics.DatagramsReceived);
        Assert.True(await node.AskAsync((inner, _) => inner.Drops.Total) >= 6);
    }
}
