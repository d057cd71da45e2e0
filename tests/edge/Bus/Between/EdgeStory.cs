using WeCan.Contracts;

namespace WeCan.Edge.Tests.Bus.Between;

/// <summary>What goes wrong in a world of edges: one dies and comes back after a while, links are cut and heal, an edge is alone for a while.</summary>
internal sealed class EdgeStory(EdgeWorld world, Random random)
{
    private readonly List<(MonoTime At, Action Do)> _later = [];
    private MonoTime _cutsAgainAt;

    /// <summary>What happened, for who looks for the cause of a fault.</summary>
    public List<string> Told { get; } = [];

    public void Step()
    {
        foreach (var (_, act) in _later.Where(item => item.At <= world.Now).ToArray())
            act();
        _later.RemoveAll(item => item.At <= world.Now);
        var edge = world.Edges[random.Next(world.Edges.Length)];
        switch (random.Next(60))
        {
            case 0 when edge.Node is not null:
                edge.Kill();
                After(random.Next(100, 6_000), $"{edge.Id} dies", () => world.Start(edge));
                break;
            case 1 or 2 when world.Now >= _cutsAgainAt:
                var other = world.Edges[random.Next(world.Edges.Length)];
                if (other == edge)
                    break;
                world.Cut(edge, other, isCut: true);
                After(CutFor(), $"{edge.Id} and {other.Id} are cut", () => world.Cut(edge, other, isCut: false));
                break;
            case 3 when world.Now >= _cutsAgainAt:
                var alone = CutFor();
                foreach (var one in world.Edges.Where(one => one != edge))
                {
                    world.Cut(edge, one, isCut: true);
                    After(alone, $"{edge.Id} and {one.Id} are cut", () => world.Cut(edge, one, isCut: false));
                }

                break;
        }
    }

    /// <summary>All edges live, and all links carry.</summary>
    public void Heal()
    {
        foreach (var (_, act) in _later)
            act();
        _later.Clear();
        world.HealAll();
    }

    /// <summary>Homes that are parted for 4 s are not waited for any more, so no two cuts follow each other without a rest.</summary>
    private int CutFor()
    {
        var time = random.Next(100, 2_500);
        _cutsAgainAt = world.Now + Duration.FromMilliseconds(time + 2_000);
        return time;
    }

    private void After(int milliseconds, string what, Action act)
    {
        Told.Add($"{world.Now}: {what} for {milliseconds} ms.");
        _later.Add((world.Now + Duration.FromMilliseconds(milliseconds), act));
    }
}
