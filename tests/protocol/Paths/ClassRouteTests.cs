using WeCan.Contracts;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Paths;

/// <summary>Each service class has routes of its own, and what passes a relay is led around by its class's.</summary>
public sealed class ClassRouteTests
{
    private static readonly (int, int)[] Fan = [(1, 2), (1, 3), (1, 4), (2, 5), (3, 5), (4, 5), (2, 3), (2, 4), (1, 6), (5, 6)];

    [Fact]
    public void EachClassTakesItsOwnRouteAndLosesItAlone()
    {
        using var paths = new PathMesh(6, Fan);
        paths.Route(5, 6, 1);
        Set(paths[1], ServiceClass.Realtime, 1, 2, 5);
        Set(paths[1], ServiceClass.Signal, 1, 3, 5);
        Set(paths[1], ServiceClass.Bulk, 1, 4, 5);
        Assert.Equal([(2, 50), (3, 0), (4, 0)], Send(paths, ServiceClass.Realtime));
        Assert.Equal([(2, 0), (3, 50), (4, 0)], Send(paths, ServiceClass.Signal));
        Assert.Equal([(2, 0), (3, 0), (4, 50)], Send(paths, ServiceClass.Bulk));

        // The others stay: Signal's second takes its place, and no other class's.
        Assert.True(paths[1].Node.TrySetRoute(PathMesh.Way(1, 4, 5), 1, ServiceClass.Signal));
        paths[1].Node.ClearRoute(new(5), 0, ServiceClass.Signal);
        Assert.Equal([(2, 0), (3, 0), (4, 50)], Send(paths, ServiceClass.Signal));
        Assert.Equal([(2, 50), (3, 0), (4, 0)], Send(paths, ServiceClass.Realtime));
    }

    [Fact]
    public void ARelayGoesAroundADeadLinkByTheRouteOfThePacketsClass()
    {
        using var paths = new PathMesh(6, Fan);
        paths.Route(1, 2, 5);
        paths.Route(5, 6, 1);
        Set(paths[2], ServiceClass.Signal, 2, 3, 5);
        Set(paths[2], ServiceClass.Bulk, 2, 4, 5);
        paths.CutAndWait(2, 5);
        Assert.Equal([(2, 50), (3, 50), (4, 0)], Send(paths, ServiceClass.Signal));
        Assert.Equal([(2, 50), (3, 0), (4, 50)], Send(paths, ServiceClass.Bulk));
    }

    private static void Set(MeshNode node, ServiceClass service, params int[] way) => Assert.True(node.Node.TrySetRoute(PathMesh.Way(way), 0, service));

    /// <summary>How many of 50 messages from 1 to 5 each relay passed on; confirmations go back over another one, and what was sent again does not count.</summary>
    private static (int Relay, int Passed)[] Send(PathMesh paths, ServiceClass service)
    {
        var before = paths.Nodes.Select(node => node.Node.PathCounters.Forwarded).ToArray();
        var opened = service == ServiceClass.Realtime
            ? paths[1].Node.OpenRealtime(new(5), 0, Duration.FromSeconds(1), out var flow)
            : paths[1].Node.OpenStream(new(5), service, 0, out flow);
        Assert.Equal(OpenResult.Opened, opened);
        var received = paths[5].Received.Count;
        for (var i = 0; i < 50; i++)
        {
            // As large as packets are, so that each is one; and one after the other.
            Assert.Equal(SendResult.Accepted, paths[1].Node.Send(paths.Mesh.Now, flow, new byte[900], out _));
            paths.Mesh.RunFor(Duration.FromMilliseconds(20));
        }

        paths.Mesh.RunFor(Duration.FromSeconds(2));
        Assert.Equal(50, paths[5].Received.Count - received);
        return [.. Enumerable.Range(2, 3).Select(relay => (relay, (int)Math.Min(50, paths[relay].Node.PathCounters.Forwarded - before[relay - 1])))];
    }
}
