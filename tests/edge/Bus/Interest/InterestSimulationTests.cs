using WeCan.Edge.Tests.Bus.Interest.Simulated;

namespace WeCan.Edge.Tests.Bus.Interest;

/// <summary>
/// Three to eight edges, and all that can go wrong between them. WECAN_INTEREST_SEEDS runs more seeds than usual, from WECAN_INTEREST_FIRST on.
/// </summary>
public sealed class InterestSimulationTests(ITestOutputHelper output)
{
    private static readonly int Seeds = Number("WECAN_INTEREST_SEEDS") ?? 30;
    private static readonly int First = Number("WECAN_INTEREST_FIRST") ?? 1;

    [Fact]
    public void Whoever_is_confirmed_is_reached() => Run(isHarsh: false);

    [Fact]
    public void After_any_partition_whoever_is_confirmed_is_reached_again() => Run(isHarsh: true);

    private void Run(bool isHarsh)
    {
        var (confirmed, isChecked) = (0L, 0L);
        List<string> failures = [];
        for (var seed = First; seed < First + Seeds; seed++)
        {
            var world = new InterestWorld(InterestPlan.Draw((ulong)seed, isHarsh));
            try
            {
                world.Run();
            }
            catch (InterestFailureException failure)
            {
                failures.Add($"WECAN_INTEREST_SEEDS=1 WECAN_INTEREST_FIRST={seed}: {failure.Message}");
            }

            confirmed += world.Tally.Confirmed;
            isChecked += world.Tally.Checked;
            if (Seeds == 1)
                output.WriteLine(string.Join('\n', world.Story.Append("")));
            if (Seeds == 1)
                output.WriteLine($"{seed}: {world.Tally}");
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {Seeds} seeds, as {string.Join('\n', failures.Take(5))}");
        Assert.True(confirmed > Seeds && isChecked > Seeds, "Nothing was put to the test.");
    }

    private static int? Number(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), out var number) ? number : null;
}
