using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.Protocol.Crypto;

namespace WeCan.MessageBus.Tests.Sessions;

/// <summary>Which access carries a session, on a clock of the test's own.</summary>
public sealed class AccessRaceTests
{
    private readonly AccessRace _race = new(new(new byte[DeterministicRandom.SeedBytes]));
    private MonoTime _now = MonoTime.FromSeconds(1);

    [Fact]
    public void Native_access_has_a_head_start_and_wins_when_it_stands_in_it()
    {
        _race.Begin(_now, hasPipe: true, best: null);
        Assert.False(_race.TryBegin(_now));
        Advance(AccessLimits.HeadStart - Duration.FromMilliseconds(1));
        _race.NativeIs(_now, isUp: true);
        Advance(Duration.FromSeconds(5));
        Assert.False(_race.TryBegin(_now));
        Assert.Equal((AccessKind.Native, MonoTime.Never), (_race.Carrier, _race.NextTimeout));
    }

    [Fact]
    public void Without_it_a_pipe_is_opened_once_and_what_was_best_before_begins_at_once()
    {
        _race.Begin(_now, hasPipe: true, AccessKind.WebSocket);
        Assert.Equal(_now, _race.NextTimeout);
        Assert.True(_race.TryBegin(_now));
        Assert.False(_race.TryBegin(_now));
        Assert.True(_race.TryStand(_now));
        Assert.Equal(AccessKind.WebSocket, _race.Carrier);
    }

    [Fact]
    public void A_pipe_that_opens_after_native_access_is_not_wanted_and_native_access_that_comes_later_is_gone_to_at_once()
    {
        _race.Begin(_now, hasPipe: true, best: null);
        Advance(AccessLimits.HeadStart);
        Assert.True(_race.TryBegin(_now));
        _race.NativeIs(_now, isUp: true);
        Assert.False(_race.TryStand(_now));

        var late = new AccessRace(new(new byte[DeterministicRandom.SeedBytes]));
        late.Begin(_now, hasPipe: true, AccessKind.WebSocket);
        Assert.True(late.TryBegin(_now) && late.TryStand(_now));
        late.NativeIs(_now, isUp: true);
        Assert.Equal(AccessKind.Native, late.Carrier);
    }

    [Fact]
    public void Native_access_that_comes_and_goes_has_to_stand_longer_each_time()
    {
        _race.Begin(_now, hasPipe: true, best: null);
        _race.NativeIs(_now, isUp: true);
        foreach (var trial in new[] { 5, 10, 20, 40, 60, 60 })
        {
            Advance(Duration.FromSeconds(1));
            _race.NativeIs(_now, isUp: false);
            Assert.Null(_race.Carrier);
            Assert.True(_race.TryBegin(_now), "a lost access is followed by another at once");
            Assert.True(_race.TryStand(_now));
            Advance(Duration.FromSeconds(30));
            _race.NativeIs(_now, isUp: true);
            Assert.Equal(_now + Duration.FromSeconds(trial), _race.NextTimeout);
            Advance(Duration.FromSeconds(trial) - Duration.FromMilliseconds(1));
            Assert.Equal(AccessKind.WebSocket, _race.Carrier);
            Advance(Duration.FromMilliseconds(1));
            Assert.Equal(AccessKind.Native, _race.Carrier);
        }
    }

    [Fact]
    public void Attempts_that_fail_come_ever_more_seldom_and_a_pipe_that_lived_is_followed_at_once()
    {
        _race.Begin(_now, hasPipe: true, AccessKind.WebSocket);
        var pauses = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            Assert.True(_race.TryBegin(_now));
            _race.Fail(_now);
            var pause = _race.NextTimeout - _now;
            pauses.Add(pause.Milliseconds / 1_000d);
            Advance(pause);
        }

        for (var i = 0; i < pauses.Count; i++)
            Assert.InRange(pauses[i], 0.74 * Math.Min(30, 1 << i), 1.26 * Math.Min(30, 1 << i));
        Assert.True(_race.TryBegin(_now) && _race.TryStand(_now));
        Advance(AccessLimits.ShortLife);
        _race.Fail(_now);
        Assert.True(_race.TryBegin(_now));
    }

    [Fact]
    public void Whatever_happens_in_any_order_something_is_always_tried()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var race = new AccessRace(new(new byte[DeterministicRandom.SeedBytes]));
            race.Begin(_now, hasPipe: true, random.Next(2) == 0 ? null : AccessKind.WebSocket);
            var (isOpening, isOpen, isUp) = (false, false, false);
            for (var step = 0; step < 500; step++)
            {
                _now += Duration.FromMilliseconds(random.Next(3_000));
                race.HandleTimeout(_now);
                isOpen &= race.Carrier == AccessKind.WebSocket;
                switch (random.Next(4))
                {
                    case 0:
                        isUp = random.Next(2) == 0;
                        race.NativeIs(_now, isUp);
                        isOpen &= race.Carrier == AccessKind.WebSocket;
                        break;
                    case 1 when isOpening:
                        (isOpening, isOpen) = (false, race.TryStand(_now));
                        break;
                    case 2 when isOpening || isOpen:
                        (isOpening, isOpen) = (false, false);
                        race.Fail(_now);
                        break;
                    default:
                        isOpening |= race.TryBegin(_now);
                        break;
                }

                // Either something carries, and it is one that stands; or a pipe is being opened, or will be within the longest pause.
                Assert.True(race.Carrier switch
                {
                    AccessKind.Native => isUp,
                    AccessKind.WebSocket => isOpen,
                    _ => isOpening || race.NextTimeout - _now <= AccessLimits.LongestPause * 1.26,
                });
            }
        }
    }

    private void Advance(Duration by)
    {
        _now += by;
        _race.HandleTimeout(_now);
    }
}
