using System.Collections.Concurrent;
using System.Globalization;
using WeCan.Simulation.Swarm;

namespace WeCan.Simulation.Tests.Swarm;

/// <summary>Whole overlays keep the design's promises (sections 3 and 9), whatever a seed does to them.</summary>
public sealed class SwarmTests
{
    private const ulong Seeds = 60;

    /// <summary>Every seed that ever failed, one on a line; what follows a # says why it did.</summary>
    public static TheoryData<ulong, int> Regressions()
    {
        var data = new TheoryData<ulong, int>();
        var seeds =
            from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "regressions.txt"))
            let words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            where words.Length > 0
            select (ulong.Parse(words[0], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture));
        foreach (var (seed, edition) in seeds)
            data.Add(seed, edition);
        return data;
    }

    [Fact]
    public void Every_seed_keeps_every_promise()
    {
        var results = new ConcurrentBag<SwarmResult>();
        Parallel.For(1, (int)Seeds + 1, seed => results.Add(SwarmRun.Execute(SwarmPlanner.Draw((ulong)seed))));

        Assert.Empty(results.Where(result => result.Failure is not null).Select(result => result.Failure!.ToString()));
        Assert.True(results.Sum(result => result.Tally.StreamsDelivered) > 10_000, "Hardly a Signal or Bulk message was delivered: the seeds judge nothing.");
        Assert.True(results.Sum(result => result.Tally.ClientMessagesDelivered) > 5_000, "Hardly a message between a client and its edge was delivered: the seeds judge nothing.");
        Assert.True(results.Sum(result => result.Tally.MulticastsDelivered) > 5_000, "Hardly a multicast was delivered: the seeds judge nothing.");
        Assert.True(results.Sum(result => result.Tally.RealtimeMulticastsDelivered) > 5_000, "Hardly a Realtime message to many was delivered: the seeds judge nothing.");
        Assert.True(results.Sum(result => result.Tally.RealtimeMulticastsProven) > 100, $"Only {results.Sum(result => result.Tally.RealtimeMulticastsProven)} messages of Realtime flows to many had a deadline that the healed links had to keep.");
        Assert.True(results.Sum(result => result.Tally.DestinationsLost) > 5, "Hardly a destination was lost to a multicast: the seeds restart none.");
        Assert.True(results.Sum(result => result.Tally.DestinationsTakenOut) > 500, "Hardly a destination was taken out of a multicast.");
        Assert.True(results.Sum(result => result.Tally.RealtimeDelivered) > 5_000, "Hardly a Realtime message was delivered: the seeds judge nothing.");
        Assert.True(results.Sum(result => result.Tally.Opened) > 10_000, "Hardly a packet came sealed end to end: the seeds seal nothing.");
        Assert.True(results.Sum(result => result.Tally.Detours) > 500, "Hardly a packet went around a dead link: the seeds repair no route.");
        Assert.True(results.Sum(result => result.Tally.Salvaged) > 100, "Hardly a dead link held a packet: the seeds salvage nothing.");
        Assert.True(results.Sum(result => result.Tally.FlowsBroken) > 5, "Hardly a flow broke: the seeds restart nobody.");
        Assert.True(results.Sum(result => result.Tally.ClientsUp) > 10, "Hardly a client came.");
        Assert.True(results.Sum(result => result.Tally.MembersRemoved) > 10, "Hardly a member was removed.");
    }

    [Theory]
    [MemberData(nameof(Regressions))]
    public void A_seed_that_failed_once_keeps_every_promise(ulong seed, int edition) =>
        Assert.Null(SwarmRun.Execute(SwarmPlanner.Draw(seed, edition)).Failure?.ToString());

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(21)]
    public void The_same_seed_is_the_same_run_with_or_without_a_story(ulong seed)
    {
        var first = SwarmRun.Execute(SwarmPlanner.Draw(seed));
        var second = SwarmRun.Execute(SwarmPlanner.Draw(seed), new SwarmStory());

        Assert.Equal(first.Fingerprint, second.Fingerprint);
        Assert.Equal(first.Steps, second.Steps);
        Assert.Equal(first.Tally, second.Tally);
        Assert.NotEqual(first.Fingerprint, SwarmRun.Execute(SwarmPlanner.Draw(seed + 1)).Fingerprint);
    }
}
