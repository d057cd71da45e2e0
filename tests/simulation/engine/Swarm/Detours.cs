using System.Collections.Immutable;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// Every way that local repair may lead a packet of a plan: its origin takes any of its ways, and up to two nodes on it
/// put one of their own in the place of the rest.
/// </summary>
internal static class Detours
{
    private const int MaxNodes = 8;
    private const int MaxDetours = 2;

    public static IReadOnlyList<ImmutableArray<int>> Of(SwarmPlan plan, int from, int to)
    {
        var found = new List<ImmutableArray<int>>();
        foreach (var way in WaysOf(plan, from, to))
            Follow(plan, way, 1, MaxDetours, found);
        return found;
    }

    /// <summary>The ways that a node knows to another: its routes, or straight, and its alternates.</summary>
    private static IEnumerable<ImmutableArray<int>> WaysOf(SwarmPlan plan, int from, int to)
    {
        var route = plan.RouteOf(from, to);
        if (!route.IsEmpty)
            yield return route;
        else if (plan.Links.Any(link => link.Joins(from, to)))
            yield return [from, to];
        foreach (var spare in plan.Spares.Where(spare => spare.Route[0] == from && spare.Route[^1] == to))
            yield return spare.Route;
        foreach (var way in plan.Alternates.Where(way => way[0] == from && way[^1] == to))
            yield return way;
    }

    private static void Follow(SwarmPlan plan, ImmutableArray<int> way, int from, int detours, List<ImmutableArray<int>> found)
    {
        found.Add(way);
        for (var place = from; detours > 0 && place + 1 < way.Length; place++)
        {
            foreach (var other in WaysOf(plan, way[place], way[^1]))
            {
                var passed = way[..place];
                if (other[1] != way[place + 1] && place + other.Length <= MaxNodes && !other.Any(passed.Contains))
                    Follow(plan, passed.AddRange(other), place + 1, detours - 1, found);
            }
        }
    }
}
