using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Runtime.Tests;

public sealed class AllocationTests
{
    private const int Warm = 20_000;
    private const int Measured = 40_000;

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
        var warm = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var measured = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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
                if (bounces == Warm)
                    warm.SetResult();
                if (bounces == Warm + Measured)
                    measured.SetResult();
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
        await warm.Task.WaitAsync(TestNode.Bound);
        var before = (await first.AskAsync(Allocated), await second.AskAsync(Allocated));
        await measured.Task.WaitAsync(TestNode.Bound);
        var after = (await first.AskAsync(Allocated), await second.AskAsync(Allocated));
        Assert.InRange(after.Item1 - before.Item1, 0, Slack);
        Assert.InRange(after.Item2 - before.Item2, 0, Slack);

        static long Allocated(Node node, MonoTime now) => GC.GetAllocatedBytesForCurrentThread();
    }

    private static OpenResult Open(Node node, NodeId destination, ServiceClass serviceClass, out FlowHandle flow) =>
        serviceClass == ServiceClass.Realtime
            ? node.OpenRealtime(destination, 3, Duration.FromSeconds(5), out flow)
            : node.OpenStream(destination, serviceClass, 3, out flow);
}
