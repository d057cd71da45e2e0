using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>The contract of docs/decisions/0009, of the shaper alone: senders that always have more, or as chance has it.</summary>
public sealed class ShaperTests
{
    private static readonly Urgency[] Kinds = [Urgency.Vital, Urgency.Prompt, Urgency.Signal, Urgency.Bulk];

    private readonly Shaper _shaper = new() { Rate = Bandwidth.FromMegabitsPerSecond(20) };
    private MonoTime _now = MonoTime.FromSeconds(50);

    [Fact]
    public void Nobody_waiting_asks_for_no_time()
    {
        Assert.Equal(MonoTime.Never, _shaper.NextTimeout);
        Assert.False(_shaper.TryNext(_now, out _, out _));
        var one = Wanting(Urgency.Bulk);
        Assert.True(_shaper.NextTimeout <= _now);
        _shaper.Update(_now, one, Urgency.None);
        Assert.Equal(MonoTime.Never, _shaper.NextTimeout);
        Assert.False(_shaper.TryNext(_now, out _, out _));
    }

    [Fact]
    public void When_the_rate_allows_nothing_the_next_time_is_later_than_now()
    {
        Wanting(Urgency.Bulk);
        while (_shaper.TryNext(_now, out var ticket, out _))
            _shaper.OnSent(_now, ticket, 1_400);
        Assert.True(_shaper.NextTimeout > _now);
        Assert.False(_shaper.TryNext(_shaper.NextTimeout - new Duration(1), out _, out _));
        Assert.True(_shaper.TryNext(_shaper.NextTimeout, out _, out _));
    }

    /// <summary>Senders of all kinds that come and go, datagrams of all sizes, timers that are late; in every window of each run.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 2)]
    [InlineData(20, 3)]
    [InlineData(700, 4)]
    public void No_interval_sees_more_than_the_rate_and_one_burst(double megabits, ulong seed)
    {
        _shaper.Rate = Bandwidth.FromMegabitsPerSecond(megabits);
        var random = DeterministicRandom.FromNumber(seed);
        var tickets = Enumerable.Range(0, 12).Select(_ => new ShaperTicket()).ToArray();
        var sent = new List<(MonoTime At, long Before, long After)>();
        var total = 0L;
        for (var step = 0; step < 20_000; step++)
        {
            foreach (var ticket in tickets)
            {
                if (random.NextDouble() < 0.1)
                    _shaper.Update(_now, ticket, (Urgency)(random.NextUInt32() & (uint)Urgency.All));
            }

            while (_shaper.TryNext(_now, out var next, out var turn))
            {
                Assert.NotEqual(Urgency.None, next.Wants & turn);
                var bytes = 60 + (int)(random.NextDouble() * (NodeLimits.LeastTurn - 60));
                sent.Add((_now, total, total += bytes));
                _shaper.OnSent(_now, next, bytes);
                if (random.NextDouble() < 0.3)
                    _shaper.Update(_now, next, next.Wants & ~turn);
            }

            _now = MonoTime.Min(_shaper.NextTimeout, _now + Duration.FromMilliseconds(5)) + new Duration((long)(random.NextDouble() * 300_000));
        }

        // The largest excess over any interval: of each end over the best beginning before it.
        var (excess, lowest) = (double.MinValue, double.MaxValue);
        foreach (var (at, before, after) in sent)
        {
            var allowed = _shaper.Rate.BitsPerSecond / 8e9 * at.Nanoseconds;
            lowest = Math.Min(lowest, before - allowed);
            excess = Math.Max(excess, after - allowed - lowest);
        }

        Assert.True(sent.Count > 1_000, $"Only {sent.Count} datagrams went.");
        Assert.InRange(excess, 1, Shaper.BurstOf(_shaper.Rate) + 1);
    }

    /// <summary>Somebody always waits: all of the rate is used, whoever it is and however late by less than a quantum the timers are.</summary>
    [Fact]
    public void It_is_never_idle_while_somebody_waits()
    {
        var random = DeterministicRandom.FromNumber(9);
        var tickets = Enumerable.Range(0, 5).Select(_ => new ShaperTicket()).ToArray();
        var (from, total) = (_now, 0L);
        while (_now < from + Duration.FromSeconds(5))
        {
            foreach (var ticket in tickets)
                _shaper.Update(_now, ticket, (Urgency)(random.NextUInt32() & (uint)Urgency.All));
            _shaper.Update(_now, tickets[(int)(random.NextUInt32() % 5)], Urgency.Bulk);
            while (_shaper.TryNext(_now, out var next, out _))
            {
                var bytes = 60 + (int)(random.NextDouble() * 1_300);
                total += bytes;
                _shaper.OnSent(_now, next, bytes);
            }

            Assert.True(_shaper.NextTimeout > _now && !_shaper.NextTimeout.IsNever);
            _now = _shaper.NextTimeout + new Duration((long)(random.NextDouble() * 500_000));
        }

        Assert.True(total >= _shaper.Rate.BytesIn(_now - from) - NodeLimits.LeastTurn, $"{total} bytes of {_shaper.Rate.BytesIn(_now - from)} went.");
    }

    [Fact]
    public void What_is_urgent_goes_before_what_is_not_whoever_came_first()
    {
        var bulk = Wanting(Urgency.Bulk);
        var signal = Wanting(Urgency.Signal);
        var prompt = Wanting(Urgency.Prompt);
        var vital = Wanting(Urgency.Vital);
        foreach (var (expected, kind) in ((ShaperTicket, Urgency)[])[(vital, Urgency.Vital), (prompt, Urgency.Prompt), (signal, Urgency.Signal), (bulk, Urgency.Bulk)])
        {
            Assert.Equal((expected, kind), Next(100));
            _shaper.Update(_now, expected, Urgency.None);
        }
    }

    /// <summary>Each kind has one sender who always has more: what is less urgent gets its small part, and not more.</summary>
    [Fact]
    public void Nothing_starves_and_what_is_owed_is_small()
    {
        Wanting(Urgency.Prompt);
        Wanting(Urgency.Signal);
        Wanting(Urgency.Bulk);
        var bytes = Sent(Duration.FromSeconds(4), _ => 1_400);
        var all = (double)bytes.Values.Sum();
        Assert.InRange(bytes[Urgency.Signal] / all, 0.09, 0.12);
        Assert.InRange(bytes[Urgency.Bulk] / all, 0.05, 0.07);

        // Even what keeps links alive, were there ever so much of it, yields to nobody: little of it there is by other bounds.
        Wanting(Urgency.Vital);
        Assert.Equal([Urgency.Vital], Sent(Duration.FromSeconds(1), _ => 100).Keys);
    }

    /// <summary>As many datagrams as it likes, small or large: each of those who always have more gets its part in bytes.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(300)]
    public void In_a_line_all_get_the_same_in_bytes(int senders)
    {
        foreach (var kind in Kinds)
        {
            var tickets = Enumerable.Range(0, senders).Select(_ => Wanting(kind)).ToList();
            var sizes = tickets.Select((_, index) => (index % 4) switch { 0 => 70, 1 => 333, 2 => 1_001, _ => NodeLimits.LeastTurn }).ToList();
            var bytes = tickets.ToDictionary(ticket => ticket, _ => 0L);
            var end = _now + Duration.FromSeconds(senders * 0.1);
            for (; _now < end; _now = _shaper.NextTimeout)
            {
                while (_shaper.TryNext(_now, out var ticket, out _))
                {
                    var size = sizes[tickets.IndexOf(ticket)];
                    bytes[ticket] += size;
                    _shaper.OnSent(_now, ticket, size);
                }
            }

            var fair = bytes.Values.Average();
            Assert.All(bytes.Values, one => Assert.InRange(one / fair, 0.97, 1.03));
            Assert.All(tickets, ticket => _shaper.Update(_now, ticket, Urgency.None));
        }
    }

    /// <summary>A gigabit's pacing quantum joins datagrams to one peer, without anybody getting more of it.</summary>
    [Fact]
    public void At_high_rates_a_turn_is_several_datagrams()
    {
        _shaper.Rate = Bandwidth.FromMegabitsPerSecond(1_000);
        var tickets = Enumerable.Range(0, 3).Select(_ => Wanting(Urgency.Bulk)).ToList();
        var order = Enumerable.Range(0, 3_600).Select(_ => tickets.IndexOf(Next(1_400).Ticket)).ToList();
        var changes = order.Zip(order.Skip(1)).Count(pair => pair.First != pair.Second);
        Assert.InRange(changes, 200, 400);
        Assert.All(order.CountBy(index => index), one => Assert.InRange(one.Value, 1_150, 1_250));
    }

    /// <summary>A sender whose own pace stops it after each datagram loses nothing by it, and gains nothing.</summary>
    [Fact]
    public void Coming_and_going_changes_no_share()
    {
        var (steady, unsteady) = (Wanting(Urgency.Bulk), Wanting(Urgency.Bulk));
        var (ofSteady, ofUnsteady) = (0L, 0L);
        var end = _now + Duration.FromSeconds(3);
        for (; _now < end; _now = _shaper.NextTimeout)
        {
            _shaper.Update(_now, unsteady, Urgency.Bulk);
            while (_shaper.TryNext(_now, out var ticket, out _))
            {
                _shaper.OnSent(_now, ticket, ticket == steady ? 1_400 : 200);
                if (ticket == steady)
                    ofSteady += 1_400;
                else
                    ofUnsteady += 200;
                if (ticket == unsteady && ofUnsteady % 3 == 0)
                    _shaper.Update(_now, unsteady, Urgency.None);
                _shaper.Update(_now, unsteady, Urgency.Bulk);
            }
        }

        Assert.InRange((double)ofUnsteady / (ofSteady + ofUnsteady), 0.47, 0.51);
    }

    [Fact]
    public void How_long_somebody_has_waited_is_counted_from_his_last_turn()
    {
        var one = Wanting(Urgency.Bulk);
        var began = _now;
        _now += Duration.FromMilliseconds(1);
        _shaper.Update(_now, one, Urgency.Bulk);
        Assert.Equal(began, one.WaitsSince(Urgency.Bulk));
        Next(1_400);
        Assert.Equal(_now, one.WaitsSince(Urgency.Bulk));
        _shaper.Update(_now, one, Urgency.None);
        _now += Duration.FromMilliseconds(1);
        _shaper.Update(_now, one, Urgency.Bulk);
        Assert.Equal(_now, one.WaitsSince(Urgency.Bulk));
    }

    [Fact]
    public void Switched_off_it_lets_everybody_go()
    {
        var tickets = Enumerable.Range(0, 10).Select(_ => Wanting(Urgency.All)).ToList();
        _shaper.Rate = Bandwidth.Zero;
        var dismissed = new HashSet<ShaperTicket>();
        while (_shaper.TryDismiss(out var ticket))
            dismissed.Add(ticket);
        Assert.Equal(10, dismissed.Count);
        Assert.All(tickets, ticket => Assert.Equal((Urgency.None, Urgency.None), (ticket.Wants, ticket.Lines)));
        Assert.Equal(MonoTime.Never, _shaper.NextTimeout);
    }

    private ShaperTicket Wanting(Urgency wants)
    {
        var ticket = new ShaperTicket();
        _shaper.Update(_now, ticket, wants);
        return ticket;
    }

    /// <summary>Whose turn is next, which then sends so much.</summary>
    private (ShaperTicket Ticket, Urgency Turn) Next(int bytes)
    {
        _now = MonoTime.Max(_now, _shaper.NextTimeout);
        Assert.True(_shaper.TryNext(_now, out var ticket, out var turn));
        _shaper.OnSent(_now, ticket, bytes);
        return (ticket, turn);
    }

    private Dictionary<Urgency, long> Sent(Duration time, Func<Urgency, int> size)
    {
        var bytes = new Dictionary<Urgency, long>();
        for (var end = _now + time; _now < end; _now = _shaper.NextTimeout)
        {
            while (_shaper.TryNext(_now, out var ticket, out var turn))
            {
                _shaper.OnSent(_now, ticket, size(turn));
                bytes[turn] = bytes.GetValueOrDefault(turn) + size(turn);
            }
        }

        return bytes;
    }
}
