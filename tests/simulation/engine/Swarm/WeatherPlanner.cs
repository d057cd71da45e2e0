using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// Draws the bad network of a plan: what each direction of each link is like, how that changes during the storm, what
/// fails for a while, and how all of it is healed.
/// </summary>
internal sealed class WeatherPlanner(Draws draws, Topology topology, MonoTime healAt)
{
    private readonly StringBuilder _start = new();
    private readonly List<(MonoTime At, string Statement)> _changes = [];
    private readonly List<SwarmCrash> _crashes = [];
    private readonly List<SwarmLink> _links = [];

    public ImmutableArray<SwarmCrash> Crashes => [.. _crashes.OrderBy(crash => crash.At)];

    public ImmutableArray<SwarmLink> Links => [.. _links];

    /// <summary>The scenario from the start on.</summary>
    public string Draw(ulong seed, IReadOnlyList<SwarmNode> nodes)
    {
        _start.AppendLine(CultureInfo.InvariantCulture, $"seed {seed}");
        foreach (var node in nodes)
            _start.AppendLine(CultureInfo.InvariantCulture, $"host {node.Name} 10.0.0.{node.Place + 1}");
        foreach (var node in nodes.Where(node => node.DriftPpm != 0))
            _start.AppendLine(CultureInfo.InvariantCulture, $"host {node.Name} drift {node.DriftPpm:0.#}");
        foreach (var (first, second) in topology.Pairs)
            DrawLink(first, second);
        for (var faults = draws.Between(0, 12); faults > 0; faults--)
            DrawFault();
        for (var crashes = draws.Chance(0.5) ? 0 : draws.Between(1, 6); crashes > 0; crashes--)
            DrawCrash(draws.Between(0, nodes.Count - 1));
        foreach (var node in nodes)
            At(healAt, $"host {node.Name} up");
        foreach (var (at, statement) in _changes.OrderBy(change => change.At))
            _start.AppendLine(CultureInfo.InvariantCulture, $"at {at.Nanoseconds / 1e9:0.######} {statement}");
        return _start.ToString();
    }

    private void DrawLink(int first, int second)
    {
        var delay = draws.Scaled(1, 150);
        var back = draws.Chance(0.7) ? delay : draws.Scaled(1, 150);
        var forthWays = DrawWays(first, second, delay);
        var backWays = DrawWays(second, first, back);
        var dials = draws.Between(0, 4);
        _links.Add(new(
            first,
            second,
            FirstDials: dials != 0,
            SecondDials: dials != 1,
            forthWays.Max(way => way.MaxDelay.Nanoseconds) is var forth ? new Duration(forth) : default,
            new Duration(backWays.Max(way => way.MaxDelay.Nanoseconds)),
            forthWays.Concat(backWays).Min(way => way.RateMbps)));
    }

    /// <summary>What a direction is like, one after the other: mostly the same to the end.</summary>
    private List<PathWeather> DrawWays(int from, int to, double delayMs)
    {
        List<PathWeather> ways = [PathWeather.Draw(draws, delayMs)];
        _start.AppendLine(ways[0].Statement(from, to));
        for (var changes = draws.Chance(0.75) ? 0 : draws.Between(1, 3); changes > 0; changes--)
        {
            ways.Add(PathWeather.Draw(draws, draws.Chance(0.5) ? delayMs : draws.Scaled(1, 150)));
            At(InStorm(), ways[^1].Statement(from, to));
        }

        At(healAt, ways[^1].Healed().Statement(from, to));
        return ways;
    }

    private void DrawFault()
    {
        var (first, second) = topology.Pairs[draws.Between(0, topology.Pairs.Length - 1)];
        var begin = InStorm();
        var end = MonoTime.Min(healAt, begin + draws.Milliseconds(50, draws.Chance(0.5) ? 800 : 7_000));
        switch (draws.Between(0, 3))
        {
            case 0:
                During(begin, end, $"link n{first + 1} n{second + 1}", "down", "up");
                break;
            case 1:
                var (from, to) = draws.Chance(0.5) ? (first, second) : (second, first);
                During(begin, end, $"path n{from + 1} n{to + 1}", "down", "up");
                break;
            case 2:
                During(begin, end, $"host n{draws.Between(1, topology.Nodes)}", "down", "up");
                break;
            default:
                var side = Enumerable.Range(0, topology.Nodes).Select(_ => draws.Chance(0.5)).ToList();
                foreach (var (a, b) in topology.Pairs.Where(pair => side[pair.First] != side[pair.Second]))
                    During(begin, end, $"link n{a + 1} n{b + 1}", "down", "up");
                break;
        }
    }

    private void DrawCrash(int place)
    {
        var at = InStorm();
        if (_crashes.Any(crash => crash.Place == place && at <= crash.RestartAt))
            return;
        var back = MonoTime.Min(healAt, at + draws.Milliseconds(10, draws.Chance(0.5) ? 300 : 4_000));
        if (_crashes.Any(crash => crash.Place == place && back >= crash.At && at <= crash.RestartAt))
            return;
        HostClock? clock = draws.Chance(0.3) ? new HostClock(Duration.FromSeconds(draws.Between(1.0, 20_000.0)), draws.Between(-200.0, 200.0)) : null;
        _crashes.Add(new(place, at, back, IsGraceful: draws.Chance(0.25), clock));
    }

    private void During(MonoTime begin, MonoTime end, string what, string first, string then)
    {
        At(begin, $"{what} {first}");
        At(end, $"{what} {then}");
    }

    private MonoTime InStorm() => draws.Time(MonoTime.FromMilliseconds(100), healAt);

    /// <summary>In whole microseconds, so that the scenario's text says it exactly.</summary>
    private void At(MonoTime at, string statement) => _changes.Add((new(at.Microseconds * 1_000), statement));
}
