using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// Everything that one swarm run does, as an immutable value drawn from a seed: the overlay, its bad network and what
/// happens to it, and the applications' traffic. <see cref="ToString"/> tells it to a person.
/// </summary>
public sealed record SwarmPlan
{
    /// <summary>What the planner draws from a seed unless told otherwise. An earlier edition draws what it drew, so that its seeds stay what they were.</summary>
    public const int LatestEdition = 11;

    /// <summary>The one with pauses of seconds: what comes later is drawn without them, as so much of a run would pass in waiting for links that died of them.</summary>
    public const int PausesEdition = 5;

    public required ulong Seed { get; init; }

    /// <summary>1: weather, crashes and traffic. 2: also alternates, memberships, moves, short pauses and clients. 3: also several routes. 4: also multicasts. 5: also pauses of seconds. 6: no such pauses, and also Realtime to many. 7: also nodes that seal end to end. 8: also uplinks with a rate. 9: also several addresses, of which some are false. 10: also destinations that are taken out of flows to many. 11: also clients that talk with their edges.</summary>
    public int Edition { get; init; } = 1;

    public required string Topology { get; init; }

    /// <summary>In the order of the scenario's hosts; a node's number is its place plus 1.</summary>
    public required ImmutableArray<SwarmNode> Nodes { get; init; }

    public required ImmutableArray<SwarmLink> Links { get; init; }

    /// <summary>The source routes that the nodes are given, each from its first to its last place.</summary>
    public required ImmutableArray<ImmutableArray<int>> Routes { get; init; }

    /// <summary>The ways that nodes try when a route is of no use; those of one node to one destination in their order.</summary>
    public ImmutableArray<ImmutableArray<int>> Alternates { get; init; } = [];

    /// <summary>Routes beside those that flows may take.</summary>
    public ImmutableArray<SwarmSpare> Spares { get; init; } = [];

    public required ImmutableArray<SwarmFlow> Flows { get; init; }

    /// <summary>Of class Signal or Bulk, or Realtime; each kind is numbered by itself.</summary>
    public ImmutableArray<SwarmMulticast> Multicasts { get; init; } = [];

    /// <summary>Pairs of nodes that send each other nothing in the clear.</summary>
    public ImmutableArray<SwarmSeal> Seals { get; init; } = [];

    public ImmutableArray<SwarmHearsay> Hearsay { get; init; } = [];

    public required ImmutableArray<SwarmCrash> Crashes { get; init; }

    /// <summary>What nodes are told of members, beside what they know from the start; in order of time.</summary>
    public ImmutableArray<SwarmMembership> Memberships { get; init; } = [];

    /// <summary>The times in which every node had been told that one is no member.</summary>
    public ImmutableArray<SwarmRevocation> Revocations { get; init; } = [];

    public ImmutableArray<SwarmMove> Moves { get; init; } = [];

    public ImmutableArray<SwarmPause> Pauses { get; init; } = [];

    public ImmutableArray<SwarmClient> Clients { get; init; } = [];

    public ImmutableArray<SwarmTalk> Talks { get; init; } = [];

    /// <summary>The network from the start on, in the language of the lab, its faults and its healing included.</summary>
    public required string Scenario { get; init; }

    /// <summary>When everything is healed, and the applications' storm is over.</summary>
    public required MonoTime HealAt { get; init; }

    public MonoTime ProofAt => HealAt + SwarmLimits.Recovery;

    public MonoTime QuietAt => ProofAt + SwarmLimits.Proof;

    public MonoTime IdleAt => QuietAt + SwarmLimits.Quieting;

    public MonoTime EndAt => IdleAt + SwarmLimits.Idle;

    public static NodeId IdOf(int place) => new((ushort)(place + 1));

    /// <summary>A node's place in the edge index: over two sets, so that a packet is not for all.</summary>
    public static ushort EdgeOf(int place) => (ushort)(254 + place);

    /// <summary>The route that packets from one node to another take, or none.</summary>
    public ImmutableArray<int> RouteOf(int from, int to) =>
        Routes.FirstOrDefault(route => route[0] == from && route[^1] == to, []);

    /// <summary>How long a packet is on its way by a route, without any queue.</summary>
    public Duration DelayOf(ImmutableArray<int> route)
    {
        var delay = Duration.Zero;
        for (var hop = 0; hop + 1 < route.Length; hop++)
            delay += Links.First(link => link.Joins(route[hop], route[hop + 1])).DelayFrom(route[hop]);
        return delay;
    }

    /// <summary>All routes that a flow's packets take.</summary>
    public IEnumerable<ImmutableArray<int>> RoutesOf(SwarmFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        var others = Spares.Where(spare => spare.Route[0] == flow.From && spare.Route[^1] == flow.To).Select(spare => spare.Route);
        return flow.RouteToken > 0 ? others : flow.Paths > 1 ? others.Prepend(RouteOf(flow.From, flow.To)) : [RouteOf(flow.From, flow.To)];
    }

    public int HostOf(SwarmClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Nodes.Length + client.Index;
    }

    /// <summary>How long a node's program ever stands still.</summary>
    public Duration LongestPause(int place) =>
        Pauses.Where(pause => pause.Place == place).Aggregate(Duration.Zero, (longest, pause) => Duration.Max(longest, pause.Until - pause.At));

    public Scenario ParseScenario() => Lab.Wan.Scenario.Parse(Scenario, string.Create(CultureInfo.InvariantCulture, $"swarm {Seed}"));

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# seed {Seed}, edition {Edition}: a {Topology} of {Nodes.Length}; heals at {HealAt}, ends at {EndAt}");
        foreach (var node in Nodes)
            text.AppendLine(CultureInfo.InvariantCulture, $"# {node}");
        foreach (var link in Links)
            text.AppendLine(CultureInfo.InvariantCulture, $"# {link}");
        foreach (var route in Routes)
            text.AppendLine(CultureInfo.InvariantCulture, $"# route {string.Join(" ", route.Select(IdOf))}");
        foreach (var way in Alternates)
            text.AppendLine(CultureInfo.InvariantCulture, $"# alternate {string.Join(" ", way.Select(IdOf))}");
        foreach (var spare in Spares)
            text.AppendLine(CultureInfo.InvariantCulture, $"# {spare}");
        foreach (var flow in Flows)
            text.AppendLine(CultureInfo.InvariantCulture, $"# {flow}");
        foreach (var multicast in Multicasts)
            text.AppendLine(CultureInfo.InvariantCulture, $"# {multicast}");
        foreach (var crash in Crashes)
            text.AppendLine(CultureInfo.InvariantCulture, $"# {crash}");
        foreach (var line in Seals.Cast<object>().Concat(Hearsay).Concat(Memberships).Concat(Revocations).Concat(Moves).Concat(Pauses).Concat(Clients).Concat(Talks))
            text.AppendLine(CultureInfo.InvariantCulture, $"# {line}");
        return text.Append(Scenario).ToString();
    }
}
