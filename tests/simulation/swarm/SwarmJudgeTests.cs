using WeCan.Simulation.Swarm;

namespace WeCan.Simulation.Tests.Swarm;

/// <summary>The judge must notice what it is there for: each lie that is told it makes a run fail that passes without.</summary>
public sealed class SwarmJudgeTests
{
    [Theory]
    [InlineData(Lie.Drop, "came after")]
    [InlineData(Lie.Repeat, "came after")]
    [InlineData(Lie.Swap, "came after")]
    [InlineData(Lie.Change, "came changed")]
    [InlineData(Lie.ConfirmEarly, "had been delivered")]
    [InlineData(Lie.ConfirmNothing, "not confirmed")]
    [InlineData(Lie.BreakForNoReason, "broke: Forgotten")]
    [InlineData(Lie.RepeatRealtime, "came twice")]
    [InlineData(Lie.DelayRealtime, "over its deadline")]
    [InlineData(Lie.ChangeRealtime, "came changed")]
    [InlineData(Lie.BreakAsRemoved, "broke: Revoked")]
    [InlineData(Lie.HideRemoval, "Revoked", 2)]
    [InlineData(Lie.DropMulticast, "multicast use", 4)]
    [InlineData(Lie.RepeatMulticast, "multicast use", 4)]
    [InlineData(Lie.ChangeMulticast, "came changed", 4)]
    [InlineData(Lie.RepeatRealtimeMulticast, "came twice to", 6)]
    [InlineData(Lie.DropFromClient, "client", 11)]
    [InlineData(Lie.RepeatFromClient, "came in place of", 11)]
    public void A_lie_is_noticed(Lie lie, string about, int edition = 1)
    {
        for (ulong seed = 1; seed < 40; seed++)
        {
            LyingWitness? liar = null;
            var result = SwarmRun.Execute(SwarmPlanner.Draw(seed, edition), before: judge => liar = new LyingWitness(judge, lie));
            if (!liar!.HasLied || (lie == Lie.HideRemoval && result.Failure is null))
                continue;
            Assert.NotNull(result.Failure);
            Assert.Contains(about, result.Failure.What, StringComparison.Ordinal);
            Assert.Contains($"sim --seed {seed}", result.Failure.ToString(), StringComparison.Ordinal);
            return;
        }

        Assert.Fail("No seed gave the witness anything to lie about.");
    }

    [Fact]
    public void A_program_that_throws_fails_its_seed_and_says_where()
    {
        var result = SwarmRun.Execute(SwarmPlanner.Draw(1), before: judge => new ThrowingWitness(judge));

        Assert.Contains("the witness threw", result.Failure!.What, StringComparison.Ordinal);
        Assert.Contains("swarm 1 seed 1", result.Failure.What, StringComparison.Ordinal);
    }
}
