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

    /// <summary>Two edges alone hear nothing of each other, and everyone else does.</summary>
    public required int Cuts { get; init; }

    public required int Breaks { get; init; }

    public required int MembershipChanges { get; init; }

    /// <summary>In a hundred of what clients do.</summary>
    public required int Subscribes { get; init; }

    public required int Unsubscribes { get; init; }

    /// <summary>Subscriptions that each edge begins with.</summary>
    public int Prepared { get; init; }

    /// <summary>Letters that make each token longer.</summary>
    public int Padding { get; init; }

    /// <summary>Partitions may be longer than what is promised through; then only what is calm is judged.</summary>
    public required bool IsHarsh { get; init; }

    public static InterestPlan Draw(ulong seed, bool isHarsh)
    {
        var random = new WanRandom(WanRandom.Derive(seed, isHarsh ? 1ul : 0));
        var edges = 3 + random.Next(6);

        // What a new home has not heard for long enough it begins without: partitions and cuts of the longest kind are where nothing begins.
        var hasBeginnings = isHarsh || random.Next(2) == 0;
        var plan = new InterestPlan
        {
            Seed = seed,
            IsHarsh = isHarsh,
            Edges = edges,
            Members = hasBeginnings ? 2 + random.Next(edges - 1) : edges,
            LongestDelay = Duration.FromMilliseconds(1 + random.Next(random.Next(2) == 0 ? 20 : 150)),
            SlowOneIn = random.Next(4) == 0 ? 2 + random.Next(4) : 10 + random.Next(200),
            LongestPartition = Duration.FromMilliseconds(isHarsh ? 20_000 : hasBeginnings ? 2_500 : 3_700),
            Spaces = 1 + random.Next(3),
            Tokens = 2 + random.Next(4),
            Steps = 500 + random.Next(1_500),
            Pause = Duration.FromMilliseconds(5 + random.Next(60)),
            Crashes = !hasBeginnings || random.Next(3) == 0 ? 0 : random.Next(12),
            Partitions = random.Next(3) == 0 ? 0 : random.Next(12),
            Cuts = isHarsh || hasBeginnings ? 0 : random.Next(12),
            Breaks = random.Next(2) == 0 ? 0 : random.Next(random.Next(3) == 0 ? 80 : 12),
            MembershipChanges = !hasBeginnings || random.Next(2) == 0 ? 0 : random.Next(5),
            Subscribes = 15 + random.Next(30),
            Unsubscribes = 5 + random.Next(20),
        };
        return random.Next(6) == 0 ? plan.Enlarge(random) : plan;
    }

    /// <summary>So many patterns that slices are narrow, outgrow their bounds, and take several messages.</summary>
    private InterestPlan Enlarge(WanRandom random) => this with
    {
        Edges = Math.Min(Edges, 5),
        Members = Math.Min(Members, 5),
        Spaces = 1,
        Tokens = 8,
        Prepared = 100 + random.Next(200),
        Padding = random.Next(2) == 0 ? 0 : 40,
        Steps = 800,
        Pause = Duration.FromMilliseconds(20),
        Crashes = Crashes / 3,
    };
}
