using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Lab;

/// <summary>Which hosts of a scenario the lab runs as what, and which edges send to which.</summary>
internal sealed record LabPlan(IReadOnlyList<string> Relays, IReadOnlyList<string> Edges)
{
    /// <summary>Where the controller stands, in scenarios that name it. Control sessions are not made worse.</summary>
    private const string Controller = "c";

    /// <summary>Every node, relays first.</summary>
    public IEnumerable<string> Nodes => [.. Relays, .. Edges];

    /// <summary>Each edge sends both classes to the next one, and the last to the first.</summary>
    public IEnumerable<(ServiceClass Class, string From, string To)> Flows =>
        from serviceClass in (ServiceClass[])[ServiceClass.Signal, ServiceClass.Realtime]
        from index in Enumerable.Range(0, Edges.Count)
        select (serviceClass, Edges[index], Edges[(index + 1) % Edges.Count]);

    /// <summary>Hosts called r and a number are relays; all others, but for the controller, are edges. Null where that is no overlay.</summary>
    public static LabPlan? Of(Scenario scenario, out string? problem)
    {
        var names = scenario.Hosts.Select(host => host.Name).Where(name => name != Controller).ToList();
        var relays = names.Where(IsRelay).ToList();
        var edges = names.Where(name => !IsRelay(name)).ToList();
        problem = relays.Count == 0 ? $"{scenario.Name} has no relay: call at least one host r1."
            : edges.Count < 2 ? $"{scenario.Name} has {edges.Count} edges, and needs two at least: hosts that are not called r1, r2 and so on, nor c, are edges."
            : names.Count > LabLimits.MaxNodes ? $"{scenario.Name} has {names.Count} nodes, each a process: the lab runs {LabLimits.MaxNodes} at most."
            : null;
        return problem is null ? new(relays, edges) : null;
    }

    public string RoleOf(string name) => Relays.Contains(name, StringComparer.Ordinal) ? "relay" : "edge";

    private static bool IsRelay(string name) => name[0] == 'r' && (name.Length == 1 || name.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0);
}
