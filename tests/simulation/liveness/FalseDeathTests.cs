namespace WeCan.Simulation.Tests.Liveness;

/// <summary>A link that only loses is not dead: the design, section 4. No death in an hour of a link in use that hardly any data takes, nor of one that none takes.</summary>
public sealed class FalseDeathTests
{
    [Theory]
    [InlineData("delay 20 loss 30", 1)]
    [InlineData("delay 20 loss 30", 2)]
    [InlineData("delay 20 loss 15 burst 4", 3)]
    [InlineData("delay 20 loss 15 burst 4", 4)]
    [InlineData("delay 120 jitter 20 loss 30", 5)]
    [InlineData("delay 250 loss 15 burst 4", 6)]
    public void A_fast_link_lives_through_ten_minutes_of_loss(string weather, ulong seed) => LiveThrough(weather, seed, 600);

    [Theory]
    [InlineData("delay 20 loss 30", 1)]
    [InlineData("delay 80 loss 15 burst 4", 2)]
    public void A_link_that_nothing_takes_lives_through_an_hour_of_loss(string weather, ulong seed) => LiveThrough(weather, seed, 3_600, isInUse: false);

    /// <summary>The whole hour, of one seed, or of more where time does not matter: set WECAN_LIVENESS_SEEDS to how many.</summary>
    [Theory]
    [InlineData("delay 20 loss 30")]
    [InlineData("delay 20 loss 15 burst 4")]
    [InlineData("delay 80 loss 30")]
    [InlineData("delay 80 loss 15 burst 4")]
    public void A_fast_link_lives_through_an_hour_of_loss(string weather)
    {
        var seeds = ulong.TryParse(Environment.GetEnvironmentVariable("WECAN_LIVENESS_SEEDS"), out var given) ? given : 1;
        for (var seed = 1UL; seed <= seeds; seed++)
            LiveThrough(weather, seed, 3_600);
    }

    /// <summary>A link that begins in bad weather knows nothing of it yet; one in 500 may pay for that.</summary>
    [Theory]
    [InlineData("delay 20 loss 30")]
    [InlineData("delay 20 loss 15 burst 4")]
    public void Hardly_a_young_link_dies_of_loss(string weather)
    {
        var seeds = ulong.TryParse(Environment.GetEnvironmentVariable("WECAN_LIVENESS_SEEDS"), out var given) ? (int)given * 100 : 20;
        var deaths = 0;
        for (var seed = 1; seed <= seeds; seed++)
        {
            using var net = new LiveNet((ulong)seed, weather);
            net.UseAll(0, 1);
            net.RunFor(20);
            deaths += Math.Min(1, net[0].Downs.Count + net[1].Downs.Count);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{weather}: {deaths} of {seeds}");
        Assert.True(deaths <= seeds / 100, $"{deaths} of {seeds} young links died at {weather}");
    }

    /// <summary>A round trip far above every timeout there is, and initiations repeated long before the answer comes.</summary>
    [Theory]
    [InlineData("delay 1800")]
    [InlineData("delay 2500 jitter 100 loss 5")]
    public void A_link_around_the_world_and_back_again_does_not_flap(string weather)
    {
        using var net = new LiveNet(5, weather);
        net.RunFor(30);
        net.UseAll(0);
        net.RunFor(60);
        for (var i = 0; i < 100; i++)
        {
            net.Say(0, 1);
            net.RunFor(0.5);
        }

        net.RunFor(30);
        Assert.Equal(100, net[1].Received);
        Assert.Equal((1, 1), (net[0].Ups, net[1].Ups));
        Assert.Empty(net[0].Downs);
        Assert.Empty(net[1].Downs);
    }

    private static void LiveThrough(string weather, ulong seed, double seconds, bool isInUse = true)
    {
        using var net = new LiveNet(seed, weather);
        net.RunFor(5);
        net.UseAll(0, 1);
        if (isInUse)
            net.RunInUse(seconds);
        else
            net.RunFor(seconds);
        Assert.Equal(1, net[0].Ups);
        Assert.Empty(net[0].Downs);
        Assert.Empty(net[1].Downs);
        var (there, back) = (net[0].Node.InspectLinks().Single(), net[1].Node.InspectLinks().Single());
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{weather}, seed {seed}: {net[0].Datagrams} and {net[1].Datagrams} datagrams, loss {there.LossFrom:P1} burst {there.BurstFrom:F1} and {back.LossFrom:P1} burst {back.BurstFrom:F1}");
    }
}
