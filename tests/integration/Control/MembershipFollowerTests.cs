using System.Net;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Sessions;
using WeCan.Protocol.Crypto;
using WeCan.Runtime;
using WeCan.Runtime.Control;
using WeCan.Runtime.Daemons;
using WeCan.Runtime.Membership;

namespace WeCan.Integration.Tests.Control;

/// <summary>What a node does with the membership that it holds, with no controller to be found.</summary>
public sealed class MembershipFollowerTests : IDisposable
{
    private const ushort Own = 1;
    private const ushort Others = 1_000;

    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wecan-");
    private readonly ShiftedTime _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_thousand_members_are_told_to_the_node_and_fall_out_when_their_time_has_come()
    {
        await using var controller = await TestController.MakeAsync(Path.Combine(_folder.FullName, "c"));
        var path = Path.Combine(_folder.FullName, "n");
        await using (var enrolled = new ControlNode(path, _time))
            await enrolled.EnrolAsync(await controller.TokenAsync(), controller.Address.ToString());
        await controller.StopAsync();

        using var folder = NodeFolder.Open(path);
        using var key = folder.OverlayKey();
        var clock = new NodeClock(_time, Duration.Zero);
        var replica = Replica(clock);
        using var driver = OverlayDriver.Start(new() { Node = new() { Id = new(Own), Epoch = new(1), Key = key }, Bind = new(IPAddress.Loopback, 0) }, new HostChain());
        await using var client = new ControlClient(folder, folder.LoadRecord(), new() { Epoch = new(1) }, replica, new(), clock, KeyOf(2), _time, new LineLogger());
        new MembershipFollower(new(Own), replica, folder, clock, _time, new LineLogger(), new()).Start(driver, client);
        client.Start();

        await Until(client, driver, others: Others);
        _time.Shift = Life + TimeSpan.FromMinutes(6);
        await Until(client, driver, others: 0);
    }

    private static async Task Until(ControlClient client, OverlayDriver driver, int others)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var keys = Enumerable.Range(Own + 1, Others).Select(number => PointOf((2 * Others) + number)).ToArray();
        client.Ticked += _ => driver.Post((node, now) =>
        {
            // A number that the node knows cannot be added again, and one that it could add is taken back.
            var known = 0;
            for (ushort number = Own + 1; number <= Own + Others; number++)
            {
                if (!node.TryAddPeer(now, new(number), keys[number - Own - 1]))
                    known++;
                else
                    node.RemovePeer(now, new(number));
            }

            if (known == others)
                reached.TrySetResult();
        });
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private MembershipReplica Replica(NodeClock clock)
    {
        var replica = new MembershipReplica(new(1), clock.UnixNow);
        var members = Enumerable.Range(Own, Others + 1).Select(number => new Member { Number = new((ushort)number), Role = NodeRole.Relay, Key = KeyOf(number), Expires = clock.UnixNow + Duration.FromSeconds(Life.TotalSeconds) });
        foreach (var piece in SnapshotMessage.Cut(new(7, 7), [.. members]))
            Assert.True(replica.TryAdd(piece));
        return replica;
    }

    private static OverlayKey KeyOf(int seed)
    {
        Assert.True(OverlayKey.TryRead(PointOf(seed).ToArray(), out var key));
        return key;
    }

    private static P256PublicKey PointOf(int seed)
    {
        using var pair = P256KeyPair.Generate(DeterministicRandom.FromNumber((ulong)seed));
        return pair.PublicKey;
    }
}
