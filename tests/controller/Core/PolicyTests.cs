using WeCan.Contracts;
using WeCan.Controller.Core;
using WeCan.Controller.Policies;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Core;

/// <summary>The policy in the core: set once for one version, with its line in the audit log, and held by the core that comes after.</summary>
public sealed class PolicyTests : RoutedParties
{
    private static readonly PolicyDocument Slower = PolicyDocument.Default with { RelayTime = Duration.FromMilliseconds(5) };

    public PolicyTests()
    {
        var state = new ControllerState { Network = Samples.Network };
        state.Policies.Add(new(7, Samples.Start, "ann", "", """{"of_a_later_program":true}"""));
        Core = new(new(), Samples.Office, state);
    }

    [Fact]
    public void A_version_goes_into_the_store_together_with_who_set_it_and_the_next_core_goes_by_it()
    {
        var state = new ControllerState { Network = Samples.Network };
        var core = new ControllerCore(new(), Samples.Office, state);
        Assert.Equal((0, 1, true), core.SetPolicy(Samples.At(1), new(Slower, 0, "ann", "far")) is var set ? (set.Before.Version, set.Now.Version, set.IsNew) : default);
        var transaction = core.TakeTransaction()!;
        Assert.Equal((1, "set version 1 of the policy: far"), (transaction.Policies.Single().Version, transaction.Audit.Single().What));
        Assert.Equal((false, false), core.SetPolicy(Samples.At(2), new(Slower, 1, "ann", "again")) is var same ? (same.IsNew, same.IsConflict) : default);
        Assert.Equal((false, true), core.SetPolicy(Samples.At(2), new(PolicyDocument.Default, 0, "bob", "")) is var late ? (late.IsNew, late.IsConflict) : default);
        Assert.Null(core.TakeTransaction());

        state.Apply(transaction);
        var next = new ControllerCore(new(), Samples.Office, state);
        Assert.Equal((true, 1, Slower.RelayTime), (next.HoldsPolicy, next.Policies.Newest.Version, next.Routing.Policy.RelayTime));
    }

    /// <summary>What it forbids is not known: nodes keep the routes that they have.</summary>
    [Fact]
    public void Under_a_policy_that_this_program_does_not_read_no_routes_are_told_until_another_is_set()
    {
        Assert.False(Core.HoldsPolicy);
        Triangle();
        Run(30);
        Assert.Equal(0, Core.Routing.Table.Nodes);
        Assert.True(Core.NextTimeout > Now.Mono, "It would turn without a rest.");

        Assert.Equal(8, Core.SetPolicy(Now, new(Slower, 7, "ann", "")).Now.Version);
        Report(1, (2, 100), (3, 20));
        Report(2, (1, 100), (3, 20));
        Report(3, (1, 20), (2, 20));
        Run(1);
        Assert.True(Core.HoldsPolicy);
        Assert.Equal(Slower.RelayTime, Core.Routing.Policy.RelayTime);
        Assert.Equal("3", Ways(1, 2)[0]);
    }

    /// <summary>Also the controller that comes after, be it this one anew or another that leads then, and however late it comes.</summary>
    [Fact]
    public void Maintenance_ends_by_its_time_in_whichever_core_leads_then_and_in_none_that_cannot_keep_it()
    {
        var state = new ControllerState { Network = Samples.Network };
        var core = new ControllerCore(new() { Name = "c1" }, Samples.Office, state);
        core.SetPolicy(Samples.At(1), new(Maintained(60, 120), 0, "ann", ""));
        state.Apply(core.TakeTransaction()!);
        core.HandleTimeout(Samples.At(59));
        Assert.Null(core.TakeTransaction());

        var reads = new ControllerCore(new() { Name = "c3", IsReadOnly = true }, Samples.Office, state);
        reads.HandleTimeout(Samples.At(500));
        Assert.Equal((1, 2), (reads.Policies.Newest.Version, reads.Routing.Document.Nodes.Count));

        core.HandleTimeout(Samples.At(60));
        var transaction = core.TakeTransaction()!;
        Assert.Equal((2, "controller c1", "set version 2 of the policy: maintenance of node 7 ended, as its time was over"), (transaction.Policies.Single().Version, transaction.Audit.Single().Who, transaction.Audit.Single().What));
        Assert.Equal(["8"], core.Routing.Document.Nodes.Select(rule => rule.Who.Node), StringComparer.Ordinal);
        Assert.True(core.TryTakeOver(out var told));
        Assert.Equal("Version 2 of the policy: maintenance of node 7 ended, as its time was over", told);
        Assert.False(core.TryTakeOver(out _));
        state.Apply(transaction);

        // The store took it; this controller dies, and the next comes when the other time is long over.
        var next = new ControllerCore(new() { Name = "c2" }, Samples.Office, state);
        next.HandleTimeout(Samples.At(100));
        Assert.Null(next.TakeTransaction());
        next.HandleTimeout(Samples.At(5_000));
        Assert.Equal(("controller c2", "{}"), next.TakeTransaction()!.Policies.Single() is var last ? (last.Who, last.Text.Trim()) : default);
        next.HandleTimeout(Samples.At(6_000));
        Assert.Null(next.TakeTransaction());
    }

    private static PolicyDocument Maintained(params int[] seconds) => PolicyDocument.Default with
    {
        Nodes = [.. seconds.Select((time, at) => new NodeRule { Who = new() { Node = $"{7 + at}" }, Maintenance = true, Until = Samples.Start + Duration.FromSeconds(time) })],
    };

    [Fact]
    public void What_says_the_same_as_a_policy_that_does_not_hold_is_set_anew()
    {
        var state = new ControllerState { Network = Samples.Network };
        var unread = PolicyDocument.Default with { RelayTime = PolicyLimits.MostRelayTime + Duration.FromSeconds(1) };
        state.Policies.Add(new(3, Samples.Start, "ann", "", unread.ToText()));
        var core = new ControllerCore(new(), Samples.Office, state);
        Assert.False(core.HoldsPolicy);
        Assert.Equal((4, true), core.SetPolicy(Samples.At(1), new(unread, 3, "ann", "")) is var set ? (set.Now.Version, set.IsNew) : default);
        Assert.True(core.HoldsPolicy);
    }

    [Fact]
    public void A_trial_reckons_with_what_a_policy_does_to_links_and_nodes_and_leaves_the_routes_alone()
    {
        Core.SetPolicy(Now, new(PolicyDocument.Default, 7, "ann", ""));
        Triangle();
        Run(2);
        Assert.Equal("3", Ways(1, 2)[0]);
        var (table, topology) = (Core.Routing.Table, Core.Routing.Topology);
        foreach (var (text, after) in ((string, int[])[])[("""{"nodes":[{"node":"3","maintenance":true}]}""", []), ("""{"links":[{"from":{"node":"3"},"to":{"node":"2"},"both":true,"maintenance":true}]}""", [])])
        {
            Assert.True(PolicyDocument.TryRead(text, out var document, out var problems), string.Join('\n', problems));
            var trial = new PolicyTrial(Core.Routing.Under(Now.Mono, document), document.ToRoutePolicy(), table, new Dictionary<NodeId, string>());
            trial.Run();
            var there = trial.Examples.Single(pair => pair is { Class: "signal", From.Number: 1, To.Number: 2 });
            Assert.Equal([3], there.Before!.Select(relay => relay.Number));
            Assert.Equal(after, there.After!.Select(relay => relay.Number));
        }

        Assert.Same(table, Core.Routing.Table);
        Assert.Same(topology, Core.Routing.Topology);
    }
}
