using System.Globalization;
using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.World;

/// <summary>
/// failover.wan: two relays, of which the better one's links die silently at 10 s and heal at 25 s; at 40 s one dies again, and the other relay's
/// begins to lose bursts. A Signal flow and a Realtime flow of 400 messages a second from a to b, with the controller running or stopped. The
/// scenario's clock begins when every node has its routes. The same seed gives the same result.
/// </summary>
public static class FailoverRun
{
    private const int Seconds = 66;

    private static readonly Duration SettleWithin = Duration.FromSeconds(60);
    private static readonly Duration Tail = Duration.FromSeconds(5);

    /// <param name="seed">What chance starts from.</param>
    /// <param name="hasController">Whether a controller runs; else it stops before anything happens.</param>
    /// <param name="paths">Over how many ways Realtime goes.</param>
    public static FailoverResult Execute(int seed, bool hasController, int paths)
    {
        var text = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "scenarios", "failover.wan"));
        var later = text.Where(line => line.StartsWith("at ", StringComparison.Ordinal)).Select(line => line.Split(' ', 3)).ToList();
        using var world = new RoutedWorld(Scenario.Parse(string.Join('\n', text.Where(line => !line.StartsWith("at ", StringComparison.Ordinal)))), seed);
        if (!world.Loop.RunUntil(world.Loop.Now + SettleWithin, () => HasRoutes(world)))
            throw new InvalidOperationException($"No routes after {SettleWithin}: {world.Loop.Position}");
        world.RunFor(5);
        if (!hasController)
            world.StopController(2 * Seconds);
        var start = world.Loop.Now + Duration.FromMilliseconds(100 + (seed * 37 % 1_000));
        foreach (var words in later)
            world.Loop.At(start + Duration.FromSeconds(int.Parse(words[1], CultureInfo.InvariantCulture)), () => world.Loop.Apply(words[2]));
        var sink = new FailoverSink();
        FailoverSource? source = null;
        world.Loop.Call<RoutedHost>(1, (host, _) => host.Sink = sink);
        world.Loop.Call<RoutedHost>(0, (host, now) => host.Source = source = new(RoutedWorld.IdOf(1), paths, now, Seconds * FailoverSource.PerSecond));
        world.Loop.RunUntil(start + Duration.FromSeconds(Seconds) + Tail);
        return Judge(world, start, source!, sink);
    }

    /// <summary>Everybody knows ways to everybody, and the two ends all three between them, the better relay's first.</summary>
    private static bool HasRoutes(RoutedWorld world) =>
        Enumerable.Range(0, world.Nodes).All(host => Enumerable.Range(0, world.Nodes).All(other => other == host || world[host].Routes.Find(RoutedWorld.IdOf(other)).WayCount > 0))
        && Enumerable.Range(0, 2).All(host => world[host].Routes.Find(RoutedWorld.IdOf(1 - host)) is { WayCount: 3 } routes && routes.Relays(0).SequenceEqual([RoutedWorld.IdOf(2)]));

    private static FailoverResult Judge(RoutedWorld world, MonoTime start, FailoverSource source, FailoverSink sink)
    {
        var inTime = new bool[source.SentAt.Count];
        foreach (var (index, at) in sink.Arrivals)
            inTime[index] |= world.Loop.Clock(1).ToTrue(at) - SentAt(index) <= FailoverSource.Deadline;
        var missed = Enumerable.Range(0, inTime.Length).Where(index => !inTime[index]).Select(index => (SentAt(index) - start).Nanoseconds / 1e9).ToList();
        return new(
            source.Accepted - sink.InTurn + sink.OutOfTurn + (source.SentAt.Count - source.Accepted),
            Between(9, 25),
            Between(25, 40),
            Enumerable.Range(41, 19).Max(second => Between(second, second + 1)) / (double)FailoverSource.PerSecond,
            Between(40, 41) / (double)FailoverSource.PerSecond);

        MonoTime SentAt(int index) => world.Loop.Clock(0).ToTrue(source.SentAt[index]);
        int Between(double from, double until) => missed.Count(at => at >= from && at < until);
    }
}
