using System.Globalization;
using WeCan.Contracts;

namespace WeCan.Simulation.Tests.Liveness;

/// <summary>A fast link that fails, in one direction or both, is found dead by both ends within 150 to 250 ms at up to 5 % loss.</summary>
public sealed class TrueDeathTests
{
    private const int Failures = 6;

    public static TheoryData<string, double, double> Weathers()
    {
        var data = new TheoryData<string, double, double>();
        foreach (var failure in (string[])["link n1 n2 down", "path n1 n2 down", "path n2 n1 down"])
        {
            foreach (var loss in (double[])[0, 1, 5])
            {
                foreach (var delay in (double[])[5, 20, 50, 120])
                    data.Add(failure, loss, delay);
            }
        }

        return data;
    }

    /// <summary>In a one-way failure the end that hears to the last is told by the other's CLOSE, one way later.</summary>
    [Theory]
    [MemberData(nameof(Weathers))]
    public void A_failure_is_found_in_time(string failure, double lossPercent, double delayMs)
    {
        var found = new List<double>();
        for (var seed = 1UL; seed <= Failures; seed++)
        {
            using var net = new LiveNet(seed, string.Create(CultureInfo.InvariantCulture, $"delay {delayMs} loss {lossPercent}"));
            net.RunFor(5);
            net.UseAll(0, 1);
            net.RunInUse(90 + (0.017 * seed));
            Assert.Empty(net[0].Downs);
            Assert.Empty(net[1].Downs);
            var failedAt = net.Loop.Now;
            net.Loop.Apply(failure);
            Assert.True(net.Loop.RunUntil(failedAt + Duration.FromSeconds(3), () => net[0].Downs.Count + net[1].Downs.Count > 0));

            // What was under way when the path broke still arrives: the silence begins a one-way delay later.
            found.Add((net.Loop.Now - failedAt).Milliseconds - delayMs);
            Assert.True(net.Loop.RunUntil(net.Loop.Now + Duration.FromSeconds(1), () => net[0].Downs.Count > 0 && net[1].Downs.Count > 0));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{failure}, {lossPercent} %, {delayMs} ms: {string.Join(' ', found.Select(ms => ms.ToString("F0", CultureInfo.InvariantCulture)))} ms after the last datagram could come");
        // Of the silence, as much was over when the path broke as chance had it.
        Assert.All(found, ms => Assert.InRange(ms, 50, 250));
    }
}
