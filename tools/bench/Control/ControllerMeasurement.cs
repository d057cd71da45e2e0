using WeCan.Bench.Forward;
using WeCan.Bench.Shipped;
using WeCan.Contracts.Control;

namespace WeCan.Bench.Control;

/// <summary>
/// One controller as it ships, and many nodes that report links to it once a second: what it takes of a processor and of memory, and how
/// long it is from a report that changes a route until the node that sent it has the new one.
/// </summary>
internal sealed record ControllerMeasurement(int Nodes, double ProcessorPercent, double Mebibytes, IReadOnlyList<TimeSpan> Pushes)
{
    private const int Seed = 1;

    /// <summary>What the controller counted meanwhile, each second.</summary>
    public required double LinksReported { get; init; }

    public required double Computations { get; init; }

    public required double RoutesChanged { get; init; }

    /// <summary>The least time within which such a share of the routes came, in milliseconds.</summary>
    public double PushMilliseconds(double share) => Pushes.Order().ElementAt((int)Math.Min(Pushes.Count - 1, Pushes.Count * share)).TotalMilliseconds;

    public static ControllerMeasurement Measure(int count, int seconds)
    {
        using var network = new ShippedNetwork();
        var nodes = LetIn(network, count);
        foreach (var node in nodes)
            node.Connect();
        AwaitRoutes(nodes);
        network.Controller.AwaitWarm();
        foreach (var node in nodes)
            node.Say(one => one.TakePushes());
        var (before, processor) = (network.Controller.Read(), network.Controller.ProcessorSeconds);
        Thread.Sleep(TimeSpan.FromSeconds(seconds));
        processor = network.Controller.ProcessorSeconds - processor;
        var after = network.Controller.Read();
        var pushes = new List<TimeSpan>();
        foreach (var node in nodes)
            node.Say(one => pushes.AddRange(one.TakePushes()));
        if (pushes.Count == 0)
            throw new ForwardException("No route has changed: this machine may be overloaded.");
        return new(count, 100 * processor / seconds, network.Controller.ResidentMebibytes, pushes)
        {
            LinksReported = Rate("wecan_controller_links_reported_total"),
            Computations = Rate("wecan_controller_route_computations_total"),
            RoutesChanged = Rate("wecan_controller_routes_changed_total"),
        };

        double Rate(string name) => (after[name] - before[name]) / seconds;
    }

    private static SimulatedNode[] LetIn(ShippedNetwork network, int count)
    {
        var members = new ShippedMember[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = ControllerBenchLimits.EnrolAtOnce }, place =>
            members[place] = network.EnrolAsync(place % 2 == 0 ? NodeRole.Relay : NodeRole.Edge).GetAwaiter().GetResult());
        var mesh = new SimulatedMesh(count, Seed);
        var numbers = members.Select(member => member.Record.Number).ToArray();
        return [.. members.Select((member, place) => new SimulatedNode(mesh, place, probes: place % ControllerBenchLimits.OneProbesOf == 0, member, numbers))];
    }

    private static void AwaitRoutes(SimulatedNode[] nodes)
    {
        for (var start = Environment.TickCount64; ; Thread.Sleep(ControllerBenchLimits.Look))
        {
            var routed = 0;
            foreach (var node in nodes)
                node.Say(one => routed += one.IsRouted ? 1 : 0);

            // The nearest node of some is bad just now.
            if (routed >= nodes.Length * 3 / 4)
                return;
            if (Environment.TickCount64 - start > ControllerBenchLimits.StartBound.TotalMilliseconds)
                throw new ForwardException($"Only {routed} of {nodes.Length} nodes have routes after {ControllerBenchLimits.StartBound.TotalSeconds:0} s: this machine may be overloaded.");
        }
    }
}
