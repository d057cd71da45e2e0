using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Transport;

public sealed class SendWindowTests
{
    private readonly SegmentPool _pool = new();
    private readonly BlockPool<SendSegment> _blocks = new();
    private SendWindow _window;

    [Fact]
    public void AMissingHeadIsMissingWhateverWasSaidBefore()
    {
        Send(3, MonoTime.FromMilliseconds(1));
        Confirm(0, new SegmentRange(1, 2));
        Assert.Equal(1, _window.InFlight);
        Confirm(1);
        Assert.Equal(1, _window.InFlight);
        _window.MarkEndsLost();
        Assert.Equal(1, _window.Lost);
        Assert.Equal(1UL, _window.FirstLost());
    }

    [Fact]
    public void HolesAreLostWhenTheyAreOldAndLaterEachTime()
    {
        Send(4, MonoTime.FromMilliseconds(10));
        Confirm(0, new SegmentRange(2, 1));
        var age = Duration.FromMilliseconds(100);
        Assert.Equal(MonoTime.FromMilliseconds(110), FindHoles(MonoTime.FromMilliseconds(109), age));
        Assert.Equal(0, _window.Lost);
        Assert.Equal(MonoTime.Never, FindHoles(MonoTime.FromMilliseconds(110), age));
        Assert.Equal(2, _window.Lost);
        Assert.Equal(1, _window.InFlight);

        _window.MarkSent(_window.FirstLost(), MonoTime.FromMilliseconds(120));
        _window.MarkSent(_window.FirstLost(), MonoTime.FromMilliseconds(120));
        Assert.Equal(MonoTime.FromMilliseconds(320), FindHoles(MonoTime.FromMilliseconds(220), age));
    }

    /// <summary>What was sent in vain while nothing came through is not held back for long once something does.</summary>
    [Fact]
    public void AHoleThatWasRepairedOftenIsLostWithinTheLongestTimeout()
    {
        Send(2, MonoTime.FromSeconds(1));
        for (var repair = 2; repair <= 5; repair++)
        {
            _window.MarkLost(0);
            _window.MarkSent(0, MonoTime.FromSeconds(repair));
        }

        Confirm(0, new SegmentRange(1, 1));
        Assert.Equal(MonoTime.FromSeconds(5) + TransportLimits.MaxTimeout, FindHoles(MonoTime.FromSeconds(6), Duration.FromSeconds(3)));
        FindHoles(MonoTime.FromSeconds(10), Duration.FromSeconds(3));
        Assert.Equal(1, _window.Lost);
    }

    [Fact]
    public void CountsAgreeWithStatesAndEveryPlaceComesBack()
    {
        for (var seed = 1UL; seed <= 100; seed++)
        {
            var random = new SimRandom(seed);
            _window = default;
            var received = new HashSet<ulong>();
            for (var step = 0; step < 200; step++)
            {
                var now = MonoTime.FromMilliseconds(step);
                Send(random.Below(5), now);
                for (var sequence = _window.Confirmed; sequence < _window.Sent; sequence++)
                {
                    if (random.Chance(0.1))
                        received.Add(sequence);
                }

                var next = _window.Confirmed;
                while (received.Contains(next))
                    next++;
                var ranges = received.Where(s => s > next).Order().Take(5).Select(s => new SegmentRange((uint)(s - next), 1)).ToArray();
                Confirm(next, ranges);
                FindHoles(now, Duration.FromMilliseconds(20));
                if (random.Chance(0.1) && _window.HasUnconfirmed)
                    _window.MarkEndsLost();
                while (_window.Lost > 0 && random.Chance(0.5))
                    _window.MarkSent(_window.FirstLost(), now);

                var states = new int[4];
                for (var sequence = _window.Confirmed; sequence < _window.End; sequence++)
                    states[(int)_window[sequence].State]++;
                Assert.True(states[(int)SendSegmentState.InFlight] == _window.InFlight, $"seed {seed}: in flight");
                Assert.True(states[(int)SendSegmentState.Lost] == _window.Lost, $"seed {seed}: lost");
                Assert.True(_pool.InUse == _window.Count, $"seed {seed}: places");
            }

            _window.ReleaseAll(_pool, _blocks);
            Assert.Equal(0, _pool.InUse);
        }
    }

    /// <summary>What is missing of before a time of which everything is known is lost as well, but is no news.</summary>
    [Fact]
    public void AHoleOfBeforeIsNoNews()
    {
        Send(2, MonoTime.FromMilliseconds(10));
        Send(3, MonoTime.FromMilliseconds(20));
        Confirm(0, new SegmentRange(4, 1));
        _window.FindHoles(MonoTime.FromSeconds(1), Duration.FromMilliseconds(100), MonoTime.FromMilliseconds(10), out var news);
        Assert.Equal((4, 2), (_window.Lost, news));
    }

    private MonoTime FindHoles(MonoTime now, Duration age) => _window.FindHoles(now, age, new MonoTime(-1), out _);

    private void Send(int segments, MonoTime now)
    {
        _window.Reserve(_blocks, segments);
        for (var i = 0; i < segments; i++)
        {
            _window.Append(new SendSegment { Place = _pool.Rent(), Part = MessagePart.Whole });
            _window.MarkSent(_window.Sent, now);
        }
    }

    private void Confirm(ulong next, params SegmentRange[] ranges)
    {
        var progress = default(ConfirmProgress);
        _window.ConfirmUpTo(next, _pool, ref progress);
        _window.MarkReceived(ranges, ref progress);
    }
}
