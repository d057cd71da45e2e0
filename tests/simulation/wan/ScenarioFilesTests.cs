using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Tests.Wan;

public sealed class ScenarioFilesTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "scenarios");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.wan").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryScenarioOfTheLabIsReadAndRuns(string file)
    {
        Assert.True(Scenario.TryParse(File.ReadAllText(Path.Combine(Folder, file)), file, out var scenario, out var error), error?.ToString());
        var network = new WanNetwork(scenario);
        network.AdvanceTo(MonoTime.FromSeconds(3_600));
        Assert.True(network.NextEvent.IsNever);
    }

    [Fact]
    public void TheWorldHasTenCitiesAndAController()
    {
        var world = Scenario.Parse(File.ReadAllText(Path.Combine(Folder, "world.wan")));
        Assert.Equal("dal tor wdc fra lon mad osa syd tok sao c", string.Join(" ", world.Hosts.Select(host => host.Name)));
        Assert.Empty(world.Changes);
        var pairs = (from a in Enumerable.Range(0, 11) from b in Enumerable.Range(0, 11) where a != b select world.Path(a, b)).ToArray();
        Assert.Equal(110, pairs.Length);
        Assert.All(pairs, settings => Assert.Equal(Duration.FromMilliseconds(1), settings.Jitter));

        // The controller's ways to nine cities are the default's; the 45 pairs of cities and c-fra have lines of their own.
        Assert.Equal(18, pairs.Count(settings => settings.Delay == Duration.FromMilliseconds(60)));
        Assert.Equal(12, pairs.Count(settings => settings.Burst > 1));
        Assert.Equal(6, pairs.Count(settings => settings.Loss == 0.02));
        Assert.Equal(2, pairs.Count(settings => settings.Loss == 0));
        var path = world.Path(world.IndexOf("fra"), world.IndexOf("osa"));
        Assert.Equal((140.0, 0.04, 3.0), (path.Delay.Milliseconds, path.Loss, path.Burst));
        Assert.Equal(path, world.Path(world.IndexOf("osa"), world.IndexOf("fra")));
    }

    [Fact]
    public void FailoverChangesAtItsTimes()
    {
        var network = new WanNetwork(Scenario.Parse(File.ReadAllText(Path.Combine(Folder, "failover.wan"))));
        Assert.Equal(MonoTime.FromSeconds(10), network.NextEvent);
        Assert.False(network.Settings(0, 2).Down);
        network.AdvanceTo(MonoTime.FromSeconds(10));
        Assert.True(network.Settings(0, 2).Down);
        Assert.True(network.Settings(1, 2).Down);
        network.AdvanceTo(MonoTime.FromSeconds(50));
        Assert.False(network.Settings(1, 2).Down);
        Assert.Equal((0.15, 4.0, 40.0), (network.Settings(3, 0).Loss, network.Settings(3, 0).Burst, network.Settings(3, 0).Delay.Milliseconds));
    }
}
