using WeCan.Controller.Routing;

namespace WeCan.Controller.Tests.Routing.Loads;

public sealed class BandwidthTrackTests
{
    [Fact]
    public void Measurements_that_shake_by_a_fifth_are_known_ever_better()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var track = default(BandwidthTrack);
            for (var count = 1; count <= 60; count++)
            {
                track = track.Take(100_000 * (1 + (0.2 * ((random.NextDouble() * 2) - 1))));
                Assert.InRange(track.Mean, 80_000, 120_000);
                if (count >= ControllerLimits.BandwidthMemory)
                    Assert.InRange(track.Mean, 88_000, 112_000);
                if (count >= 2 * ControllerLimits.BandwidthMemory)
                    Assert.InRange(track.Error, 2_000, 8_000);
            }
        }
    }

    [Fact]
    public void A_first_measurement_is_not_believed_to_the_last_bit()
    {
        var track = default(BandwidthTrack).Take(100_000);
        Assert.Equal(100_000, track.Mean);
        Assert.Equal(20_000, track.Error, 1);
    }

    [Fact]
    public void Another_bandwidth_is_followed_after_a_few_measurements()
    {
        var track = default(BandwidthTrack);
        for (var count = 0; count < 50; count++)
            track = track.Take(100_000 + (count % 2 * 1_000));
        track = track.Take(50_000).Take(50_500);
        Assert.InRange(track.Mean, 80_000, 100_000);
        Assert.InRange(track.Take(49_500).Mean, 49_000, 51_000);
    }
}
