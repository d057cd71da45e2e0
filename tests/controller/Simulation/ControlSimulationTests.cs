namespace WeCan.Controller.Tests.Simulation;

/// <summary>
/// Sessions through every misfortune. WECAN_CONTROL_SEED runs one seed, WECAN_CONTROL_SEEDS that many instead of the usual
/// number.
/// </summary>
public sealed class ControlSimulationTests
{
    private const int Seeds = 400;
    private const int Steps = 150;

    [Fact]
    public void Nobody_ever_holds_what_never_was_and_everybody_ends_with_the_newest()
    {
        var (restores, resyncs) = (0, 0);
        foreach (var seed in Chosen())
        {
            var world = new ControlWorld(seed);
            try
            {
                world.Run(Steps);
            }
            catch (Exception problem)
            {
                throw new InvalidOperationException($"Seed {seed}: {problem.Message}\nTo replay it: WECAN_CONTROL_SEED={seed} dotnet test tests/controller", problem);
            }

            restores += world.Restores;
            resyncs += world.Resyncs;
        }

        Assert.True(restores > 0 || !IsWhole, "No store was ever put back to a backup.");
        Assert.Equal(0, resyncs);
    }

    private static bool IsWhole => Number("WECAN_CONTROL_SEED") is null;

    private static IEnumerable<int> Chosen() =>
        Number("WECAN_CONTROL_SEED") is { } one ? [one] : Enumerable.Range(1, Number("WECAN_CONTROL_SEEDS") ?? Seeds);

    private static int? Number(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), out var number) ? number : null;
}
