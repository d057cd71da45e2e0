using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Tests.Wan;

public sealed class ScenarioTests
{
    private const string Two = "host a 10.0.0.1\nhost b 10.0.0.2\n";

    [Fact]
    public void EveryKeyIsRead()
    {
        var scenario = Scenario.Parse(Two + "path a b delay 40.5 jitter 2 loss 5 burst 3 rate 100 queue 50 dup 1 corrupt 2 reorder 3 mtu 1280 down");
        Assert.Equal(
            new()
            {
                Delay = Duration.FromMicroseconds(40_500),
                Jitter = Duration.FromMilliseconds(2),
                Loss = 0.05,
                Burst = 3,
                Rate = Bandwidth.FromMegabitsPerSecond(100),
                Queue = Duration.FromMilliseconds(50),
                Duplicate = 0.01,
                Corrupt = 0.02,
                Reorder = 0.03,
                Mtu = 1280,
                Down = true,
            },
            scenario.Path(0, 1));
        Assert.Equal(LinkSettings.Perfect, scenario.Path(1, 0));
    }

    [Fact]
    public void WhatNoLineReachesIsPerfectWithAQueueOf100Milliseconds()
    {
        var scenario = Scenario.Parse(Two);
        Assert.Equal(new(), scenario.Path(0, 1));
        Assert.Equal(Duration.FromMilliseconds(100), scenario.Path(0, 1).Queue);
        Assert.Equal(0UL, scenario.Seed);
        Assert.Equal(1500, scenario.Mtu);
    }

    [Fact]
    public void SeedMtuHostsCommentsAndWhiteSpaceAreRead()
    {
        var scenario = Scenario.Parse("# nothing\r\n  seed -1 # all ones\r\n\tmtu 9000\n\nhost a 10.0.0.1\r\nhost b-2 10.77.255.2#b\nhost b-2 drift -50.5\nhost a down");
        Assert.Equal(ulong.MaxValue, scenario.Seed);
        Assert.Equal(9000, scenario.Mtu);
        Assert.Equal([new("a", 0x0A000001, null, Up: false), new("b-2", 0x0A4DFF02, -50.5, Up: true)], scenario.Hosts);
        Assert.Equal("10.77.255.2:4600", scenario.Hosts[1].Address(4600).ToString());
    }

    [Fact]
    public void LaterKeysAddToEarlierOnesAndADefaultResetsThePairsAboveIt()
    {
        var scenario = Scenario.Parse(Two + "link a b loss 5\ndefault delay 10 queue 20\nhost c 10.0.0.3\nlink a b loss 1\npath b a delay 30\nlink a c delay 7");
        Assert.Equal(new() { Delay = Duration.FromMilliseconds(10), Queue = Duration.FromMilliseconds(20), Loss = 0.01 }, scenario.Path(0, 1));
        Assert.Equal(Duration.FromMilliseconds(30), scenario.Path(1, 0).Delay);
        Assert.Equal(0.01, scenario.Path(1, 0).Loss);
        Assert.Equal(new() { Delay = Duration.FromMilliseconds(7) }, scenario.Path(0, 2));
        Assert.Equal(LinkSettings.Perfect, scenario.Path(1, 2));
    }

    [Fact]
    public void TimedLinesComeInOrderOfTimeThenOfLineAndMayNameLaterHosts()
    {
        var scenario = Scenario.Parse("host a 10.0.0.1\nat 2.5 link a b down\nat 1 host b crash\nat 1 host b restart\nat 0 default loss 1\nhost b 10.0.0.2");
        Assert.Equal(
            [ScenarioChangeKind.Default, ScenarioChangeKind.Crash, ScenarioChangeKind.Restart, ScenarioChangeKind.Link],
            scenario.Changes.Select(timed => timed.Change.Kind));
        Assert.Equal(new(new(2_500_000_000), new(ScenarioChangeKind.Link, 0, 1, new() { Down = true }), 2), scenario.Changes[3]);
    }

    [Theory]
    [InlineData("bogus 1", 3, "'bogus' begins no statement")]
    [InlineData("link a b los 5", 3, "'los' is no key: the keys are delay")]
    [InlineData("link a b loss", 3, "'loss' has no value: write 'loss NUMBER'")]
    [InlineData("link a b loss -1", 3, "no number of 0 or more")]
    [InlineData("link a b delay inf", 3, "no number of 0 or more")]
    [InlineData("link a b delay 1e300", 3, "over 86,400,000 ms")]
    [InlineData("link a b loss 101", 3, "over 100 %")]
    [InlineData("link a b rate 0.0000001", 3, "or 0 for no limit")]
    [InlineData("link a b rate 1e300", 3, "over 1,000,000 Mbit/s")]
    [InlineData("link a b mtu 100", 3, "576 to 9216")]
    [InlineData("link a z down", 3, "there is no host 'z': name it with 'host z IPV4'")]
    [InlineData("link a a down", 3, "to itself")]
    [InlineData("link a", 3, "write 'link A B KEY VALUE …'")]
    [InlineData("mtu 100", 3, "576 to 9216")]
    [InlineData("mtu", 3, "write 'mtu BYTES'")]
    [InlineData("seed x", 3, "no whole number")]
    [InlineData("host a 10.0.0.9", 3, "named twice")]
    [InlineData("host c 10.0.0.1", 3, "has the address of 'a'")]
    [InlineData("host c 10.1", 3, "no IPv4 address")]
    [InlineData("host c ::1", 3, "no IPv4 address")]
    [InlineData("host abcdefghijkl 10.0.0.3", 3, "up to 11 letters")]
    [InlineData("host c;rm 10.0.0.3", 3, "up to 11 letters")]
    [InlineData("host z up", 3, "there is no host 'z'")]
    [InlineData("host a crash", 3, "write 'at SECONDS host a crash'")]
    [InlineData("host a drift fast", 3, "write millionths")]
    [InlineData("at", 3, "an 'at' needs a time and a statement")]
    [InlineData("at 5", 3, "an 'at' needs a time and a statement")]
    [InlineData("at -1 link a b up", 3, "write seconds from 0")]
    [InlineData("at 1 seed 5", 3, "'seed' cannot happen later")]
    [InlineData("at 1 at 2 link a b up", 3, "'at' cannot happen later")]
    [InlineData("at 1 host c 10.0.0.3", 3, "its address and drift hold for the whole run")]
    [InlineData("\nat 1 link a z up", 4, "there is no host 'z'")]
    public void AnErrorNamesFileLineFaultAndRemedy(string line, int at, string says)
    {
        Assert.False(Scenario.TryParse(Two + line, "bad.wan", out var scenario, out var error));
        Assert.Null(scenario);
        Assert.Equal(at, error.Line);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"bad.wan:{at}: ", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "fewer than two hosts")]
    [InlineData("host a 10.0.0.1", "fewer than two hosts")]
    [InlineData("default delay 1\nhost a 10.0.0.1\nhost b 10.0.0.2", "move it below the host lines")]
    public void WhatIsMissingIsSaid(string text, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => Scenario.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void BoundsHold()
    {
        AssertRefused(Two + "#" + new string(' ', 510), "510 characters");
        AssertRefused(new('\n', WanLimits.MaxScenarioCharacters + 1), "write less");
        AssertRefused(string.Concat(Enumerable.Range(0, WanLimits.MaxHosts + 1).Select(i => $"host h{i} 10.0.{i / 250}.{i % 250}\n")), "more than 512 hosts");
        AssertRefused(Two + string.Concat(Enumerable.Repeat("at 1 link a b up\n", WanLimits.MaxTimedChanges + 1)), "more than 65,536 timed lines");
    }

    [Fact]
    public void NoTextMakesItThrow()
    {
        string[] words = ["seed", "mtu", "host", "default", "link", "path", "at", "up", "down", "drift", "crash", "a", "b", "10.0.0.1", "10.0.0.2", "delay",
            "loss", "rate", "mtu", "-1", "0", "1e99", "NaN", "5", "\n", "\n", "\n", "#", "\t", "\0", "\ud800", "…", "restart", "99999999999999999999"];
        var random = new WanRandom(11);
        for (var i = 0; i < 20_000; i++)
        {
            var text = i % 2 == 0 ? Two : "";
            for (var n = random.Next(12); n >= 0; n--)
                text += words[random.Next(words.Length)] + (random.Next(8) == 0 ? "" : " ");
            if (Scenario.TryParse(text, "soup", out var scenario, out var error))
                _ = new WanNetwork(scenario);
            else
                Assert.NotEmpty(error.Message);
        }
    }

    [Fact]
    public void AChangeIsReadAlone()
    {
        var scenario = Scenario.Parse(Two);
        Assert.Equal(new(ScenarioChangeKind.Path, 1, 0, new() { Loss = 0.3 }), scenario.ParseChange("path b a loss 30 # worse"));
        Assert.Contains("no host 'z'", Assert.Throws<FormatException>(() => scenario.ParseChange("host z down")).Message, StringComparison.Ordinal);
        Assert.False(scenario.TryParseChange("", out _, out _));
    }

    private static void AssertRefused(string text, string says)
    {
        Assert.False(Scenario.TryParse(text, "big", out _, out var error));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }
}
