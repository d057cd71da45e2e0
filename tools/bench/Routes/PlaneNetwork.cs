using WeCan.Contracts;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Bench.Routes;

/// <summary>Nodes on a plane, with a link between any two that takes what its length does, and now and then up to twice that.</summary>
internal sealed class PlaneNetwork
{
    private readonly (double X, double Y)[] _places;

    public PlaneNetwork(int count)
    {
        var random = new Random(count);
        _places = [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble(), random.NextDouble()))];
        Topology = new([.. Enumerable.Range(1, count).Select(number => new NodeId((ushort)number))]);
        for (var from = 0; from < count; from++)
        {
            Topology.Let(from, carry: true);
            for (var to = 0; to < count; to++)
                Topology.Set(from, to, Draw(random, from, to));
        }
    }

    public Topology Topology { get; }

    public int Draw(Random random, int from, int to)
    {
        var (x, y) = (_places[from].X - _places[to].X, _places[from].Y - _places[to].Y);
        return (int)(2_000 + (Math.Sqrt((x * x) + (y * y)) * 100_000 * (1 + Math.Pow(random.NextDouble(), 4))));
    }
}
