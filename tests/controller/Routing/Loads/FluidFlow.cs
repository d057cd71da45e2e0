using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Tests.Routing.Loads;

/// <summary>A pair of edges and what the one sends to the other.</summary>
internal sealed class FluidFlow(int from, int to, RouteClass service)
{
    /// <summary>From a computation until the packets of a node go by it.</summary>
    private const double Delay = 0.3;

    private readonly Queue<(double At, int[] Path)> _coming = [];
    private int[] _last = [];

    public RouteClass Service => service;

    public double Rate { get; set; }

    public double Shake { get; set; } = 1;

    /// <summary>The nodes that it passes; none before there is a way.</summary>
    public int[] Path { get; private set; } = [];

    /// <summary>How often it went another way than before, and when last.</summary>
    public int Changes { get; private set; }

    public double ChangedAt { get; private set; }

    public void Follow(double now, RouteTable table)
    {
        var way = table.Of(new((ushort)from))?.To(service, new((ushort)to))[0] ?? Way.None;
        int[] path = way.IsNone ? [] : way.Relays switch { 0 => [from, to], 1 => [from, way.First.Value, to], _ => [from, way.First.Value, way.Second.Value, to] };
        if (!path.AsSpan().SequenceEqual(_last))
            _coming.Enqueue((now + Delay, _last = path));
        while (_coming.TryPeek(out var next) && next.At <= now)
        {
            if (Path.Length > 0)
                (Changes, ChangedAt) = (Changes + 1, now);
            Path = _coming.Dequeue().Path;
        }
    }
}
