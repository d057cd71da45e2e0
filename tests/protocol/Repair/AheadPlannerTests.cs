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
