using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Core;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Core;

/// <summary>A wall clock that is wrong for a moment ends nothing; one that is right after all is gone by soon.</summary>
public sealed class WallClockTests
{
    private const long Year = 365 * 24 * 3_600;
    private static readonly long Start = Samples.Start.Seconds;

    [Theory]
    [InlineData(Year)]
    [InlineData(-Year)]
    [InlineData(3_700)]
    [InlineData(-3_700)]
    public void A_leap_is_believed_when_it_has_stayed_for_a_minute(long by)
    {
        var clock = new WallClock();
        Assert.Equal(Start, Look(clock, 10, Start));
        for (var second = 0; second < 60; second++)
            Assert.Equal(Start + second, Look(clock, 10 + second, Start + second + (second == 0 ? 0 : by)));

        // It was back for a moment, so that the minute begins anew.
        Assert.Equal(Start + 60, Look(clock, 70, Start + 60));
        Assert.Equal(Start + 61, Look(clock, 71, Start + 61 + by));
        Assert.Equal(Start + 120, Look(clock, 130, Start + 120 + by));
        Assert.Equal(Start + 121 + by, Look(clock, 131, Start + 121 + by));
        Assert.Equal(Start + 131 + by, Look(clock, 141, Start + 131 + by));
    }

    [Fact]
    public void What_clocks_are_set_by_is_believed_at_once()
    {
        var clock = new WallClock();
        long[] walls = [Start, Start + 3_600, Start + 1, Start - 3_000, Start - 3_001, Start];
        Assert.Equal(walls, walls.Select((wall, second) => Look(clock, second, wall)));
    }

    /// <summary>Nothing is known that it could be doubted by.</summary>
    [Fact]
    public void A_start_is_believed()
    {
        Assert.Equal(40, Look(new(), 5, 40));
        Assert.Equal(Start, Look(new(), 50_000, Start));
    }

    /// <summary>Memberships end by the wall clock, and what has ended is gone: every node would have to be enrolled anew.</summary>
    [Fact]
    public void A_clock_that_is_a_year_ahead_for_a_moment_ends_no_membership()
    {
        var state = new ControllerState { Network = Samples.Network };
        state.Members.Add(new(1), new(new() { Number = new(1), Role = NodeRole.Relay, Key = Samples.OverlayKey(1), Name = "n1", Expires = new(Start + 1_000_000) }, default, default, 0, Samples.Start));
        var core = new ControllerCore(new(), Samples.Office, state);
        var clock = new WallClock();
        for (var second = 0; second < 120; second++)
        {
            var wall = Start + second + (second is > 30 and < 80 ? Year : 0);
            core.HandleTimeout(new(MonoTime.FromSeconds(second), clock.At(MonoTime.FromSeconds(second), new(wall))));
        }

        Assert.Single(core.Members);
    }

    private static long Look(WallClock clock, long mono, long wall) => clock.At(MonoTime.FromSeconds(mono), new(wall)).Seconds;
}
