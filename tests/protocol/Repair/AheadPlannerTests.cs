using WeCan.Contracts;
using WeCan.Protocol.Repair;

namespace WeCan.Protocol.Tests.Repair;

public sealed class AheadPlannerTests
{
    private static readonly RepairConditions Lossy = new(Duration.FromMilliseconds(90), Duration.FromMilliseconds(41), Duration.FromMilliseconds(2.5), Loss: 0.05, Burst: 1);
    private static readonly RepairConditions Clean = Lossy with { Loss = 0.0001 };
    private static readonly Duration Slack = Duration.FromMilliseconds(20);
    private static readonly Duration Between = Duration.FromMicroseconds(2_500);

    [Fact]
    public void A_stream_is_covered_evenly_and_no_dearer_than_allowed()
    {
        var (sent, repairs, _) = Run(Lossy, packets: 400);
        Assert.InRange((double)repairs / sent, 0.30, RepairLimits.MostAhead);
    }

    [Fact]
    public void A_clean_link_pays_nothing() => Assert.Equal(0, Run(Clean, packets: 400).Repairs);

    [Fact]
    public void The_last_packet_before_a_silence_is_covered_as_often_as_those_before()
    {
        var (_, _, last) = Run(Lossy, packets: 40);
        Assert.InRange(last, 3, 4);
    }

    [Fact]
    public void A_packet_by_itself_is_sent_twice()
    {
        var planner = new AheadPlanner();
        var now = MonoTime.FromSeconds(1);
        planner.OnSent(now, 5, now + Slack, Lossy);
        Assert.InRange(planner.NextAt.Nanoseconds, now.Nanoseconds, (now + Slack).Nanoseconds);
        var covered = new ulong[RepairLimits.MaxAhead];
        Assert.Equal(1, planner.Plan(planner.NextAt, covered));
        Assert.Equal(5ul, covered[0]);
        planner.OnPlanned(planner.NextAt);
        Assert.True(planner.NextAt.IsNever);
    }

    /// <summary>One packet in ten milliseconds, and a caller who looks every two: each packet is covered before its last useful moment.</summary>
    [Theory]
    [InlineData(2_000)]
    [InlineData(3_900)]
    public void A_thin_stream_is_covered_whole_by_a_caller_who_comes_late(int every)
    {
        var (slack, between) = (Duration.FromMilliseconds(67), Duration.FromMilliseconds(10));
        var conditions = Lossy with { Loss = 0.002, Feedback = Duration.FromMilliseconds(180) };
        var planner = new AheadPlanner();
        var symbols = new ulong[RepairLimits.MaxAhead];
        var covered = new HashSet<ulong>();
        var (start, sent) = (MonoTime.FromSeconds(1), 0ul);
        for (var now = start; sent < 500; now += Duration.FromMicroseconds(every))
        {
            for (var due = start + (between * (long)sent); due <= now; due = start + (between * (long)sent))
                planner.OnSent(now, sent++, due + slack, conditions);
            var count = planner.NextAt <= now ? planner.Plan(now, symbols) : 0;
            if (count == 0)
                continue;
            covered.UnionWith(symbols.Take(count).Where(symbol => start + (between * (long)symbol) + slack >= now));
            planner.OnPlanned(now);
        }

        Assert.All(Enumerable.Range(0, (int)sent - 10), symbol => Assert.Contains((ulong)symbol, covered));
    }

    /// <summary>The oldest is past its time when somebody asks, and so nothing is due: those behind it are still to be covered.</summary>
    [Fact]
    public void Who_asks_too_late_for_one_packet_leaves_the_others_to_be_covered()
    {
        var planner = new AheadPlanner();
        var now = MonoTime.FromSeconds(1);
        planner.OnSent(now, 1, now + Slack, Lossy);
        planner.OnSent(now + (Between * 4), 2, now + (Between * 4) + Slack, Lossy);
        var late = now + Slack + Duration.FromMicroseconds(1);
        Assert.True(planner.NextAt <= late);
        var count = planner.Plan(late, new ulong[RepairLimits.MaxAhead]);
        Assert.True(count > 0 || !planner.NextAt.IsNever);
    }

    /// <summary>Sends at an even pace and then nothing; also tells how many repairs covered the last packet in its time.</summary>
    private static (int Sent, int Repairs, int CoveringLast) Run(in RepairConditions conditions, int packets)
    {
        var planner = new AheadPlanner();
        var covered = new ulong[RepairLimits.MaxAhead];
        var start = MonoTime.FromSeconds(1);
        int sent = 0, repairs = 0, last = 0;
        for (var now = start; now < start + (Between * packets) + Slack; now += Duration.FromMicroseconds(250))
        {
            if (sent < packets && now >= start + (Between * sent))
                planner.OnSent(now, (ulong)sent++, now + Slack, conditions);
            if (planner.NextAt > now)
                continue;
            var count = planner.Plan(now, covered);
            Assert.Equal(covered.Take(count).Order(), covered.Take(count));
            repairs++;
            last += covered.AsSpan(0, count).Contains((ulong)packets - 1) ? 1 : 0;
            planner.OnPlanned(now);
        }

        return (sent, repairs, last);
    }
}
