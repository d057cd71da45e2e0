using WeCan.Contracts;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Tests.Links;

public sealed class PathRttTests
{
    private static readonly Duration Short = Duration.FromMilliseconds(40);
    private static readonly Duration Long = Duration.FromMilliseconds(90);

    [Fact]
    public void The_smallest_round_trip_stays_while_samples_come_near_it_and_goes_stale_when_none_does()
    {
        var path = default(PathRtt);
        var now = MonoTime.FromSeconds(1);
        path.Add(now, Short);
        for (var i = 0; i < 20; i++)
        {
            now += Duration.FromSeconds(1);
            path.Add(now, Short + Duration.FromMilliseconds(1));
            path.Add(now, Long);
            Assert.False(path.IsStale(now));
            Assert.Equal(Short, path.Min);
        }

        now += Duration.FromSeconds(6);
        path.Add(now, Long);
        Assert.True(path.IsStale(now));
        path.Replace(now, Long);
        Assert.Equal(Long, path.Min);
        Assert.False(path.IsStale(now));
    }

    [Fact]
    public void A_queue_is_more_than_an_eighth_of_the_path_and_its_jitter()
    {
        var path = default(PathRtt);
        path.Add(MonoTime.FromSeconds(1), Duration.FromMilliseconds(80));
        Assert.Equal(10, path.QueueThreshold(Duration.Zero).Milliseconds);
        Assert.Equal(16, path.QueueThreshold(Duration.FromMilliseconds(3)).Milliseconds);
    }
}
