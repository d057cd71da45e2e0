using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Inspection;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Tests.Inspection;

/// <summary>docs/policy.md, "Why a pair is where it is": load, price, maintenance and closed nodes in words, on a network whose links all take 10 ms.</summary>
public sealed class PolicyNotesTests
{
    private static readonly Member[] Members = [.. Enumerable.Range(1, 5).Select(number => new Member
    {
        Number = new((ushort)number),
        Role = NodeRole.Edge,
        Key = Samples.OverlayKey((ulong)number),
        Name = $"n{number}",
        Region = number < 5 ? "eu" : "us",
        Expires = Samples.Start,
    })];

    [Fact]
    public void What_links_cost_beside_time_is_told_and_who_may_not_be_passed()
    {
        var report = Explain("""
            { "links": [
                { "from": { "node": "n1" }, "to": { "node": "n3" }, "price": 0.5, "capacity": "100Mbit/s" },
                { "from": { "node": "n3" }, "to": { "node": "n2" }, "maintenance": true }
              ],
              "nodes": [{ "node": "n4", "maintenance": true }],
              "ways": [{ "from": ["eu"], "to": ["eu"], "regions": ["eu"] }] }
            """, RouteCause.None, used: 85_000);
        Assert.Contains(report.Remarks, remark => remark == "By the policy this traffic may not pass 5 (n5).");
        Assert.Contains(report.Remarks, remark => remark == "Under maintenance, and so on nobody's way: 4 (n4).");
        Assert.Contains(report.Remarks, remark => remark == "The link 1 (n1) to 3 (n3) has a price of 0.5 per GB, and costs 200.0 ms more for what it carries, 85 Mbit/s of 100 Mbit/s.");
        Assert.Contains(report.Remarks, remark => remark == "The link 3 (n3) to 2 (n2) is under maintenance, and taken only where there is no other way.");
        Assert.DoesNotContain(Explain("{}", RouteCause.None, 0).Remarks, remark => remark.StartsWith("The link", StringComparison.Ordinal) || remark.Contains("policy", StringComparison.Ordinal));
    }

    [Fact]
    public void That_a_policy_leaves_a_pair_no_way_is_told_with_how_many_links_it_closes()
    {
        var report = Explain("""{ "links": [{ "classes": ["bulk"] }, { "from": { "node": "n1" }, "to": { "node": "n3" }, "classes": ["signal"] }] }""", RouteCause.None, 0, closed: true);
        Assert.Empty(report.Ways);
        Assert.Equal("There is no way that was chosen: no links that work, and that the policy leaves to this class, lead there over two relays at most. The two use their direct link, if it works.", report.Remarks[0]);
        Assert.Contains(report.Remarks, remark => remark == "The policy closes to this class 3 of the 4 links from 1 (n1), and 4 of the 4 to 2 (n2): \"wecan policy show\" prints it.");
        Assert.DoesNotContain(Explain("{}", RouteCause.None, 0, closed: true).Remarks, remark => remark.StartsWith("The policy closes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(RouteCause.Waits, "Kept for now: the best other way would save 10.1 ms, and this pair waits its turn, as at most 20 % of all pairs move at once")]
    [InlineData(RouteCause.Loaded, "Kept: the best other way would save 10.1 ms without this pair's traffic, and with it the way would be loaded too much.")]
    [InlineData(RouteCause.Rests, "Kept for now: the best other way would save 10.1 ms, but this pair was led elsewhere lately")]
    [InlineData(RouteCause.None, "The best other way would save 10.1 ms, and the next computation takes it.")]
    public void Why_a_pair_stays_where_another_way_is_clearly_better_is_told(object cause, string sentence) =>
        Assert.StartsWith(sentence, Explain("{}", (RouteCause)cause, 0).Ways[0].Why, StringComparison.Ordinal);

    private static Contracts.Inspection.RouteReport Explain(string text, RouteCause stays, int used, bool closed = false)
    {
        Assert.True(PolicyDocument.TryRead(text, out var policy, out var problems), string.Join('\n', problems));
        var terms = new PolicyTerms(policy, Members);
        var topology = new Topology([.. Members.Select(member => member.Number)]);
        topology.Restrict(terms.RestrictionsOf([0, 1, 2, 3, 4]));
        var loads = new LinkLoads(Members.Length, terms.Curve);
        loads.Set(0, 2, used, used, 100_000, 0);
        topology.Load(loads);
        for (var from = 0; from < Members.Length; from++)
        {
            topology.Let(from, carry: !terms.IsUnderMaintenance(from));
            for (var to = 0; to < Members.Length; to++)
                topology.Set(from, to, closed ? Topology.Unreachable : 10_000 + loads.CostOf(RouteClass.Signal, from, to));
        }

        return new RouteExplainer(new()
        {
            From = new(1),
            To = new(2),
            Service = RouteClass.Signal,
            Detour = null,
            Topology = topology,
            Policy = policy.ToRoutePolicy(),
            Terms = terms,
            Stays = stays,
            Held = closed ? [] : [[new(3)]],
            Version = "r1",
            Since = null,
            Names = Members.ToDictionary(member => member.Number, member => member.Name),
            Trouble = "",
        }).Explain();
    }
}
