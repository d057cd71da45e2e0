using WeCan.Contracts;

namespace WeCan.Bench.Control;

/// <summary>Places on a plane, as far from each other as the cities of a planet: what a round trip between two nodes takes when nothing is wrong.</summary>
internal sealed class SimulatedMesh
{
    private const double LongestMilliseconds = 250;
    private const double LeastMilliseconds = 4;

    private readonly (double X, double Y)[] _places;

    public SimulatedMesh(int nodes, int seed)
    {
        var random = new Random(seed);
        _places = [.. Enumerable.Range(0, nodes).Select(_ => (random.NextDouble(), random.NextDouble()))];
    }

    public int Nodes => _places.Length;

    public Duration RoundTrip(int one, int other)
    {
        var (x, y) = (_places[one].X - _places[other].X, _places[one].Y - _places[other].Y);
        return Duration.FromMilliseconds(LeastMilliseconds + (Math.Sqrt((x * x) + (y * y)) * LongestMilliseconds / Math.Sqrt(2)));
    }

    public int NearestTo(int one) => Enumerable.Range(0, Nodes).Where(other => other != one).MinBy(other => RoundTrip(one, other).Nanoseconds);
}
