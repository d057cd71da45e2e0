using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Runtime.Tests;

public sealed class AllocationTests
{
    private const int Warm = 20_000;
    private const int Measured = 40_000;
    private const int Attempts = 3;

    /// <summary>For all packets together: a ring that grows in a busy moment, but not one byte a packet.</summary>
    private const long Slack = Measured;

    [Theory]
    [InlineData(ServiceClass.Realtime)]
    [InlineData(ServiceClass.Signal)]
    public async Task APacketAllocatesNothingAtEitherEnd(ServiceClass serviceClass)
    {
        FlowHandle forth = default;
        FlowHandle back = default;
        var bounces = 0;
        var marks = Enumerable.Range(0, Attempts + 1).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        using var second = new TestNode(2, new()
        {
            Message = (Node node, MonoTime now, in ReceivedMessage message) => node.Send(now, back, message.Payload, out _),
        });
        using var first = new TestNode(1, new()
        {
            Message = (Node node, MonoTime now, in ReceivedMessage message) =>
            {
                node.Send(now, forth, message.Payload, out _);
                bounces++;
                if (bounces >= Warm && (bounces - Warm) % Measured == 0 && (bounces - Warm) / Measured <= Attempts)
                    marks[(bounces - Warm) / Measured].SetResult();
            },
        });
        await TestNode.LinkAsync(first, second);
        await second.AskAsync((node, _) => Open(node, first.Id, serviceClass, out back));
        await first.AskAsync((node, now) =>
        {
            var opened = Open(node, second.Id, serviceClass, out forth);
            for (var i = 0; i < 16; i++)
                node.Send(now, forth, new byte[200 + (i * 60)], out _);
            return opened;
        });
        await marks[0].Task.WaitAsync(TestNode.Bound);
        var allocated = long.MaxValue;

        // Compiling a method anew allocates on the thread that waits for it; a packet that allocates does so every time.
        for (var attempt = 1; attempt <= Attempts && allocated > Slack; attempt++)
        {
            var before = (await first.AskAsync(Allocated), await second.AskAsync(Allocated));
            await marks[attempt].Task.WaitAsync(TestNode.Bound);
            var after = (await first.AskAsync(Allocated), await second.AskAsync(Allocated));
            allocated = Math.Max(after.Item1 - before.Item1, after.Item2 - before.Item2);
        }

        Assert.InRange(allocated, 0, Slack);

        static long Allocated(Node node, MonoTime now) => GC.GetAllocatedBytesForCurrentThread();
    }

    private static OpenResult Open(Node node, NodeId destination, ServiceClass serviceClass, out FlowHandle flow) =>
        serviceClass == ServiceClass.Realtime
            ? node.OpenRealtime(destination, 3, Duration.FromSeconds(5), out flow)
            : node.OpenStream(destination, serviceClass, 3, out flow);
}
