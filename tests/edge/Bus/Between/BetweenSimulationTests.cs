using WeCan.Contracts;

namespace WeCan.Edge.Tests.Bus.Between;

/// <summary>
/// Publishers and subscribers on several edges, while edges die and come back, links are cut, the network loses, and subscriptions come and go: what is
/// promised holds on every seed, and all comes to rest when the network is whole again.
/// </summary>
public sealed class BetweenSimulationTests
{
    private static readonly Duration Patience = Duration.FromSeconds(60);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("WECAN_BUS_SEEDS") ?? "12"))];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_confirmed_subscription_hears_all_once_and_in_order_or_is_told(int seed)
    {
        var random = new Random(seed);
        using var world = new EdgeWorld(seed, edges: 3 + random.Next(3)) { Loss = random.Next(3) * 0.05 };
        var players = world.Edges.SelectMany(edge => new[] { world.Join(edge, $"a{edge.Id}"), world.Join(edge, $"b{edge.Id}") }).ToArray();
        foreach (var player in players)
            player.Subscribe(PatternFor(random));
        world.RunFor(Duration.FromSeconds(5));
        var story = new EdgeStory(world, random);
        for (var step = 0; step < 400; step++)
        {
            var player = players[random.Next(players.Length)];
            if (random.Next(20) == 0)
                player.Subscribe(PatternFor(random));
            for (var burst = random.Next(4); burst >= 0; burst--)
                player.Publish($"shop.{random.Next(3)}.{random.Next(3)}", bytes: random.Next(30) == 0 ? 60_000 : random.Next(8, 400), priority: (byte)random.Next(8));
            story.Step();
            world.RunFor(Duration.FromMilliseconds(random.Next(80)));
        }

        story.Heal();
        world.Loss = 0;
        Assert.True(
            world.RunUntil(() => players.All(player => player.Settled == (ulong)player.Published.Count && player.Records.All(record => record.IsConfirmed)), Patience),
            $"Seed {seed}: {string.Join(", ", players.Select(player => $"{player.Settled} of {player.Published.Count}"))} were confirmed, {players.Sum(player => player.Records.Count(record => !record.IsConfirmed))} subscriptions not.");

        // What comes now comes everywhere: nothing is left of what went wrong.
        foreach (var player in players)
            player.Publish("shop.0.0");
        Assert.True(world.RunUntil(() => players.All(player => player.Settled == (ulong)player.Published.Count), Patience), $"Seed {seed}: the last were not confirmed.");
        world.RunFor(Duration.FromSeconds(2));
        var fault = DeliveryCheck.FirstFault(players);
        Assert.True(fault is null, $"Seed {seed}: {fault} The story: {string.Join(" ", story.Told)}");
        foreach (var record in players.SelectMany(player => player.Records).Where(record => DeliveryCheck.Wants(record, "shop.0.0")))
            Assert.All(players, player => Assert.Equal(player.Published.Count - 1, record.HeardOf(player).Last()));
        Assert.All(world.Edges, edge => Assert.Equal((0L, 0L), (edge.Core.Counters.Held, edge.Core.Counters.BadEdgeFrames)));
    }

    private static string PatternFor(Random random) => random.Next(5) switch
    {
        0 => "shop.>",
        1 => $"shop.{random.Next(3)}.>",
        2 => $"shop.*.{random.Next(3)}",
        _ => $"shop.{random.Next(3)}.{random.Next(3)}",
    };
}
