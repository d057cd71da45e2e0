using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Routing.Policy;

/// <summary>docs/policy.md, "Links", "Nodes" and "Ways": what each rule does to routes, on a network of two regions that is small enough to reckon by hand.</summary>
public sealed class PolicyRoutesTests
{
    // 1 and 2 are edges of the region eu, 3 one of us; 4 and 5 are relays of eu, 6 one of us. Round trips in milliseconds.
    private static readonly (int One, int Other, int Rtt)[] Links =
    [
        (1, 2, 200), (1, 4, 20), (4, 2, 20), (1, 5, 30), (5, 2, 30), (1, 6, 16), (6, 2, 16), (3, 4, 90), (3, 6, 40), (1, 3, 150), (2, 3, 150), (3, 5, 100),
    ];

    private static readonly Member[] Members =
    [
        Member(1, NodeRole.Edge, "eu", "acme"), Member(2, NodeRole.Edge, "eu", "acme"), Member(3, NodeRole.Edge, "us", "acme"),
        Member(4, NodeRole.Relay, "eu", "acme"), Member(5, NodeRole.Relay, "eu", "bolt"), Member(6, NodeRole.Relay, "us", "acme"),
    ];

    private readonly Dictionary<(int From, int To), double> _used = [];
    private RouteDesk? _desk;
    private double _seconds;

    [Fact]
    public void Without_a_policy_the_shortest_way_is_taken() => Assert.Equal(("6", "6", "6"), (Way("{}", 1, 2), Way(RouteClass.Realtime, 1, 2), Way(RouteClass.Bulk, 1, 2)));

    [Fact]
    public void A_price_counts_by_its_class()
    {
        // 6 costs 0.5 per GB on the way there: 5 ms for Signal, 25 ms for Realtime, half a second for Bulk.
        const string Text = """{ "links": [{ "from": { "node": "n1" }, "to": { "node": "n6" }, "price": 0.5 }] }""";
        Assert.Equal("4", Way(Text, 1, 2));
        Assert.Equal("4", Way(RouteClass.Bulk, 1, 2));
        Assert.Equal("6", Way(Text.Replace("0.5", "0.02", StringComparison.Ordinal), 1, 2));
        Assert.Equal("4", Way(RouteClass.Bulk, 1, 2));
        Assert.Equal("6", Way(Text.Replace("\"links\"", "\"price\": { \"bulk\": \"1ms\", \"signal\": \"1ms\" }, \"links\"", StringComparison.Ordinal), 1, 2));
        Assert.Equal("6", Way(RouteClass.Bulk, 1, 2));

        // The way back is another direction.
        Assert.Equal("6", Way(Text, 2, 1));
        Assert.Equal("4", Way(Text.Replace("\"price\"", "\"both\": true, \"price\"", StringComparison.Ordinal), 2, 1));
    }

    [Fact]
    public void What_is_paid_for_is_free_and_no_more_than_that_goes_there()
    {
        const string Text = """{ "links": [{ "from": { "node": "n1" }, "to": { "node": "n6" }, "price": 5, "paid": "50Mbit/s" }] }""";
        Assert.Equal("6", Way(Text, 1, 2));
        _used[(1, 6)] = 40;
        Run(10);
        Assert.Equal("6", Way(RouteClass.Signal, 1, 2));
        _used[(1, 6)] = 80;
        _used[(6, 2)] = 80;
        Run(10);
        Assert.Equal("4", Way(RouteClass.Signal, 1, 2));
    }

    [Fact]
    public void A_link_is_closed_to_classes_and_a_later_rule_says_otherwise()
    {
        const string Text = """{ "links": [{ "from": { "region": "eu" }, "to": { "region": "us" }, "classes": ["bulk"] }] }""";
        Assert.Equal("4", Way(Text, 1, 2));
        Assert.Equal("4", Way(RouteClass.Realtime, 1, 2));
        Assert.Equal("6", Way(RouteClass.Bulk, 1, 2));
        Assert.Equal("none", Way(RouteClass.Signal, 1, 3));
        Assert.Equal("6", Way(RouteClass.Bulk, 1, 3));
        Assert.Equal("6", Way(Text.Replace(" }] }", " }, { \"to\": { \"node\": \"6\" }, \"classes\": [\"signal\", \"bulk\"] }] }", StringComparison.Ordinal), 1, 2));
        Assert.Equal("4", Way(RouteClass.Realtime, 1, 2));
    }

    [Fact]
    public void A_link_under_maintenance_is_taken_only_where_there_is_no_other_way()
    {
        const string Text = """{ "links": [{ "to": { "node": "n6" }, "maintenance": true }, { "from": { "node": "n6" }, "maintenance": true }] }""";
        Assert.Equal("4", Way(Text, 1, 2));
        Assert.Equal(("4", "4"), (Way(RouteClass.Signal, 1, 3), Way(RouteClass.Signal, 3, 2)));
        Assert.Equal("-", Way(RouteClass.Signal, 1, 6, second: "4 2"));
        Assert.Equal("-", Way("""{ "links": [{ "from": { "node": "n1" }, "maintenance": true }] }""", 1, 6));
    }

    [Fact]
    public void A_node_under_maintenance_carries_nothing_for_others()
    {
        Assert.Equal("4", Way("""{ "nodes": [{ "region": "us", "maintenance": true }] }""", 1, 2));
        Assert.Equal("-", Way(RouteClass.Signal, 1, 6));
        Assert.Equal("5", Way("""{ "nodes": [{ "operator": "acme", "maintenance": true }, { "node": "n6", "maintenance": true }] }""", 1, 2));
        Assert.Equal("6", Way("""{ "nodes": [{ "operator": "acme", "maintenance": true }, { "node": "n6", "maintenance": false }] }""", 1, 2));
    }

    [Fact]
    public void A_node_carries_only_the_classes_and_regions_that_it_may()
    {
        const string Text = """{ "nodes": [{ "node": "n6", "classes": ["bulk"] }, { "node": "n4", "regions": ["us"] }] }""";
        Assert.Equal("5", Way(Text, 1, 2));
        Assert.Equal("6", Way(RouteClass.Bulk, 1, 2));
        Assert.Equal("6", Way("""{ "nodes": [{ "node": "n6", "regions": ["us", "eu"] }] }""", 1, 3));
        Assert.Equal("4", Way("""{ "nodes": [{ "node": "n6", "regions": ["us"] }] }""", 1, 3));
    }

    [Fact]
    public void Traffic_of_a_region_stays_in_its_regions_and_with_its_operators()
    {
        const string Residency = """{ "ways": [{ "from": ["eu"], "to": ["eu"], "regions": ["eu"] }] }""";
        Assert.Equal("4", Way(Residency, 1, 2));
        AssertNever(Residency, 6, 1, 2);
        Assert.Equal("6", Way(Residency, 1, 3));
        Assert.Equal("6", Way("""{ "ways": [{ "from": ["us"], "regions": ["eu"] }] }""", 1, 2));
        Assert.Equal("5", Way("""{ "ways": [{ "operators": ["bolt"] }] }""", 1, 2));

        // Both rules count: no relay is left.
        Assert.Equal("-", Way("""{ "ways": [{ "operators": ["bolt"] }, { "from": ["eu"], "regions": ["us"] }] }""", 1, 2));
    }

    [Fact]
    public void A_policy_that_leaves_nodes_without_any_way_is_told_once()
    {
        Assert.Equal("none", Way("""{ "links": [{ "from": { "node": "n1" }, "to": { "node": "n2" }, "classes": ["bulk"] }], "nodes": [{ "classes": ["bulk"] }] }""", 1, 2));
        Assert.True(_desk!.TryTakeNews(out var news));
        Assert.Equal((14, true), (news.Count, news.Example is not null));
        Run(5);
        Assert.False(_desk.TryTakeNews(out _));
        _desk.SetPolicy(PolicyDocument.Default);
        Run(5);
        Assert.True(_desk.TryTakeNews(out news));
        Assert.Equal(0, news.Count);
        Assert.Equal("6", Way(RouteClass.Signal, 1, 2));
    }

    private void AssertNever(string text, int relay, int from, int to)
    {
        Way(text, from, to);
        for (var each = 0; each < Topology.Classes; each++)
        {
            var ways = _desk!.Table.Of(new((ushort)from))!.To((RouteClass)each, new((ushort)to));
            for (var rank = 0; rank <= WaySet.MostWays; rank++)
                Assert.True(ways[rank].IsNone || (ways[rank].First.Value != relay && ways[rank].Second.Value != relay));
        }
    }

    private string Way(string text, int from, int to)
    {
        Assert.True(PolicyDocument.TryRead(text, out var policy, out var problems), string.Join('\n', problems));
        var state = new ControllerState { Network = Samples.Network };
        foreach (var member in Members)
            state.Members.Add(member.Number, new(member, default, default, 0, Samples.Start));
        _desk = new(policy, new(state), new());
        Run(1);
        return Way(RouteClass.Signal, from, to);
    }

    private string Way(RouteClass service, int from, int to, string? second = null)
    {
        var ways = _desk!.Table.Of(new((ushort)from))!.To(service, new((ushort)to));
        if (second is not null)
            Assert.Equal(second, Said(ways[1]));
        return Said(ways[0]);
    }

    private static string Said(Way way) => way.IsNone ? "none" : way.Relays switch { 0 => "-", 1 => $"{way.First.Value}", _ => $"{way.First.Value} {way.Second.Value}" };

    private void Run(double seconds)
    {
        for (var until = _seconds + seconds; _seconds < until; _seconds += 0.25)
        {
            foreach (var member in Members)
            {
                var node = (int)member.Number.Value;
                var links = Links.Where(link => link.One == node || link.Other == node).Select(link => Report(node, link.One == node ? link.Other : link.One, link.Rtt)).ToList();
                _desk!.Take(MonoTime.FromSeconds(_seconds), member.Number, new(true, true, links));
            }

            if (_desk!.TakeWork(MonoTime.FromSeconds(_seconds)) is { } work)
                _desk.Finish(MonoTime.FromSeconds(_seconds), work.Run());
        }
    }

    private LinkReport Report(int node, int peer, int rtt) => new(new((ushort)peer), LinkState.Proven)
    {
        Rtt = Duration.FromMilliseconds(rtt),
        Used = Bandwidth.FromMegabitsPerSecond(_used.GetValueOrDefault((node, peer))),
    };

    private static Member Member(int number, NodeRole role, string region, string owner) => new()
    {
        Number = new((ushort)number),
        Role = role,
        Key = Samples.OverlayKey((ulong)number),
        Name = $"n{number}",
        Region = region,
        Operator = owner,
        Expires = Samples.Start + Duration.FromSeconds(1e7),
    };
}
