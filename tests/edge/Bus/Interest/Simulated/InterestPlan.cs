using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Edge.Tests.Bus.Interest.Simulated;

/// <summary>What a seed's world is like.</summary>
internal sealed record InterestPlan
{
    public required ulong Seed { get; init; }

    public required int Edges { get; init; }

    /// <summary>Edges that are members at first.</summary>
    public required int Members { get; init; }

    public required Duration LongestDelay { get; init; }

    /// <summary>Of all delays one in so many is this long.</summary>
    public required int SlowOneIn { get; init; }

    public required Duration LongestPartition { get; init; }

    public required int Spaces { get; init; }

    /// <summary>Different tokens at each place of a subject.</summary>
    public required int Tokens { get; init; }

    public required int Steps { get; init; }

    /// <summary>Between two steps, on average.</summary>
    public required Duration Pause { get; init; }

    /// <summary>In a thousand steps.</summary>
    public required int Crashes { get; init; }

    public required int Partitions { get; init; }

    public required int Breaks { get; init; }

    public required int MembershipChanges { get; init; }

    /// <summary>In a hundred of what clients do.</summary>
    public required int Subscribes { get; init; }

    public required int Unsubscribes { get; init; }

    /// <summary>Partitions may be longer than what is promised through; then only what is calm is judged.</summary>
    public required bool IsHarsh { get; init; }

    public static InterestPlan Draw(ulong seed, bool isHarsh)
    {
        var random = new WanRandom(WanRandom.Derive(seed, isHarsh ? 1ul : 0));
        var edges = 3 + random.Next(6);
        var many = random.Next(4) == 0;
        return new()
        {
            Seed = seed,
            IsHarsh = isHarsh,
            Edges = edges,
            Members = 2 + random.Next(edges - 1),
            LongestDelay = Duration.FromMilliseconds(1 + random.Next(random.Next(2) == 0 ? 20 : 150)),
            SlowOneIn = random.Next(4) == 0 ? 2 + random.Next(4) : 10 + random.Next(200),
            LongestPartition = isHarsh ? Duration.FromSeconds(20) : Duration.FromMilliseconds(2_500),
            Spaces = 1 + random.Next(3),
            Tokens = many ? 40 : 2 + random.Next(4),
            Steps = many ? 6_000 : 500 + random.Next(1_500),
            Pause = Duration.FromMilliseconds(many ? 2 : 5 + random.Next(60)),
            Crashes = random.Next(3) == 0 ? 0 : random.Next(many ? 2 : 12),
            Partitions = random.Next(3) == 0 ? 0 : random.Next(many ? 2 : 12),
            Breaks = random.Next(2) == 0 ? 0 : random.Next(many ? 2 : random.Next(3) == 0 ? 80 : 12),
            MembershipChanges = random.Next(2) == 0 ? 0 : random.Next(many ? 1 : 5),
            Subscribes = 15 + random.Next(many ? 60 : 30),
            Unsubscribes = 5 + random.Next(20),
        };
    }
}
