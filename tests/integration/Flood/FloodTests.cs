using System.Text.Json;

namespace WeCan.Integration.Tests.Flood;

/// <summary>
/// Forged packets on a relay's port, over real sockets: the short form of "bench flood", with a tenth of its rate, as the
/// machine has more to do here than this.
/// </summary>
[Collection(nameof(Alone))]
public sealed class FloodTests
{
    private const int Tries = 3;

    [Fact]
    public async Task Forged_packets_get_no_byte_and_take_nothing_from_a_flow()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The bench forges by calls of Linux.");
        var least = 100.0;
        for (var time = 0; time < Tries && least > 0.1; time++)
        {
            var result = await BuiltProgram.RunAsync("bench", "WeCan.Bench.dll", "flood", "--json", "--seconds", "2", "--rate", "30000");
            Assert.True(result.ExitCode == 0, result.ToString());
            using var found = JsonDocument.Parse(result.Output);
            Assert.Equal(0, found.RootElement.GetProperty("reply_bytes").GetInt64());
            Assert.InRange(found.RootElement.GetProperty("forged_packets_per_s").GetDouble(), 1_000, 100_000);
            Assert.InRange(found.RootElement.GetProperty("sent").GetInt64(), 200, 4_000);
            least = Math.Min(least, found.RootElement.GetProperty("missed_percent").GetDouble());
        }

        // A flood that is felt is felt every time; a machine that forgets a process for longer than the flow's deadline is not the flood's doing.
        Assert.InRange(least, 0, 0.1);
    }
}
