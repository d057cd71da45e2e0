using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Sessions;
using WeCan.Controller.Core;
using WeCan.Controller.Sessions;

namespace WeCan.Controller.Tests.Core;

/// <summary>A controller's core and nodes with sessions to it, whose frames are carried by hand and whose time is told: what tests of routes begin with.</summary>
public abstract class RoutedParties
{
    private protected ControllerCore Core { get; init; } = Samples.Core();

    private protected Dictionary<int, Party> Parties { get; } = [];

    private protected double Seconds { get; set; }

    /// <summary>How the nodes that join are called; most tests need no names.</summary>
    private protected string Called { get; init; } = "";

    private protected ControllerTime Now => Samples.At(Seconds);

    /// <summary>Three nodes of which 1 and 2 lie far from each other, and 3 in between.</summary>
    private protected void Triangle()
    {
        Join(1, 2, 3);
        Report(1, (2, 100), (3, 20));
        Report(2, (1, 100), (3, 20));
        Report(3, (1, 20), (2, 20));
        Run(1.2);
    }

    private protected void Join(params int[] nodes)
    {
        Assert.Null(Core.CreateToken(Now, new() { Role = NodeRole.Relay, Uses = 100 }, 1, Samples.SecretHash(1)));
        foreach (var node in nodes)
            Assert.Equal(new NodeId((ushort)node), Core.Enrol(Now, Samples.Order(1, (ulong)node) with { Name = Called.Length > 0 ? $"{Called}-{node}" : "" }).Member!.Number);
        Core.TakeTransaction();
        foreach (var node in nodes)
            Connect(node, new());
        Run(0.1);
    }

    private protected void Connect(int node, RouteReplica routes)
    {
        Cut(node);
        var options = new NodeSessionOptions { Role = NodeRole.Relay, Epoch = new(1), Addresses = [NetAddress.FromIPv4(0x0A00_0000 + (uint)node, 4600)] };
        var party = new Party(new(options, new(Samples.Network.Id, Samples.Start), Now.Mono, routes), Core.OpenSession(Now, new((ushort)node), Samples.TlsKey((ulong)node)), routes);
        Parties[node] = party;
        Move();
    }

    private protected void Cut(int node)
    {
        if (Parties.Remove(node, out var party))
            Core.CloseSession(party.Session);
    }

    private protected void Report(int node, params (int Peer, int Milliseconds)[] links)
    {
        Parties[node].Links = [.. links.Select(link => Link(link.Peer, link.Milliseconds))];
        Say(node);
    }

    private protected void Say(int node) =>
        Core.HandleBytes(Now, Parties[node].Session, new LinkReportsMessage(true, true, Parties[node].Links).ToFrame());

    private protected void Repeat(params int[] nodes)
    {
        foreach (var node in nodes)
            Core.HandleBytes(Now, Parties[node].Session, new LinkReportsMessage(false, true, []).ToFrame());
    }

    private protected static LinkReport Link(int peer, int milliseconds) => new(new((ushort)peer), LinkState.Proven) { Rtt = Duration.FromMilliseconds(milliseconds) };

    private protected void Run(double seconds)
    {
        for (var until = Seconds + seconds; Seconds < until; Seconds += 0.05)
            Move();
    }

    private protected void MoveUp()
    {
        Core.HandleTimeout(Now);
        foreach (var party in Parties.Values)
        {
            while (party.Node.TryPollFrame(out var frame))
                Core.HandleBytes(Now, party.Session, frame.Span);
        }

        Core.TakeTransaction();
    }

    private protected void Move()
    {
        MoveUp();
        if (Core.TakeRouteWork(Now) is { } work)
            Core.FinishRoutes(Now, work.Run());
        foreach (var party in Parties.Values)
        {
            while (Core.TryPollFrame(Now, party.Session, out var frame))
                party.Node.HandleBytes(Now.Mono, frame.Span);
        }
    }

    /// <summary>The ways that a node holds, by their relays; "-" is straight.</summary>
    private protected string[] Ways(int node, int destination) => Ways(node, new RouteKey((ushort)destination));

    private protected string[] Ways(int node, RouteKey key)
    {
        var routes = Parties[node].Routes.Find(key);
        return [.. Enumerable.Range(0, routes.WayCount).Select(rank => routes.Relays(rank).IsEmpty ? "-" : string.Join(' ', routes.Relays(rank).ToArray().Select(relay => relay.Value)))];
    }

    private protected sealed class Party(NodeSession node, ControllerSession session, RouteReplica routes)
    {
        public NodeSession Node => node;

        public ControllerSession Session => session;

        public RouteReplica Routes => routes;

        public LinkReport[] Links { get; set; } = [];
    }
}
