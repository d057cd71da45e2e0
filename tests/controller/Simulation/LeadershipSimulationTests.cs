using WeCan.Contracts;

namespace WeCan.Controller.Tests.Simulation;

/// <summary>
/// Who leads, through every misfortune. WECAN_LEADERSHIP_SEED runs one seed, WECAN_LEADERSHIP_SEEDS that many instead of the usual number.
/// </summary>
public sealed class LeadershipSimulationTests
{
    private const int Seeds = 60;
    private const int Times = 20;

    [Fact]
    public void One_leads_where_the_database_can_be_reached_and_who_led_last_serves_where_nobody_leads()
    {
        foreach (var seed in Chosen())
            Play(seed, new(seed) { ReadsLong = true }, world => world.Run(Times));
    }

    [Fact]
    public void Another_leads_within_two_seconds_of_a_leader_s_death()
    {
        var longest = Duration.Zero;
        foreach (var seed in Chosen())
        {
            Play(seed, new(seed), world =>
            {
                var took = world.TakeOver();
                Assert.True(took <= Duration.FromSeconds(2), $"It took {took}.");
                longest = Duration.Max(longest, took);
            });
        }

        TestContext.Current.SendDiagnosticMessage($"Taken over after {longest} at most.");
    }

    private static void Play(int seed, LeadershipWorld world, Action<LeadershipWorld> play)
    {
        try
        {
            play(world);
        }
        catch (Exception problem)
        {
            throw new InvalidOperationException($"Seed {seed}: {problem.Message}\nTo replay it: WECAN_LEADERSHIP_SEED={seed} dotnet test tests/controller", problem);
        }
    }

    private static IEnumerable<int> Chosen() =>
        Number("WECAN_LEADERSHIP_SEED") is { } one ? [one] : Enumerable.Range(1, Number("WECAN_LEADERSHIP_SEEDS") ?? Seeds);

    private static int? Number(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), out var number) ? number : null;
}
