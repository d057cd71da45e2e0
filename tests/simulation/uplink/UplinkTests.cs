using WeCan.Contracts;
using WeCan.Protocol;

namespace WeCan.Simulation.Tests.Uplinks;

/// <summary>What the shaper is for (docs/decisions/0009): a node's links share its uplink, and nobody's Bulk stands before another's Realtime.</summary>
public sealed class UplinkTests
{
    /// <summary>Two full datagrams and one more: what may go at once at the rates of these tests.</summary>
    private const double Burst = 3 * 1_420;

    private static readonly Bandwidth Rate = Bandwidth.FromMegabitsPerSecond(20);
    private static readonly Duration Second = Duration.FromSeconds(1);

    [Fact]
    public void Bulk_to_three_peers_does_not_delay_realtime_to_a_fourth()
    {
        var with = ThreeBulkAndRealtime(Rate);
        Assert.InRange(with.P99.Milliseconds, 20, 22);
        Assert.Equal(0, with.Missing);
        Assert.InRange(with.Used, 0.98, 1.01);
        Assert.True(with.Goodput > 0.9 && with.Fairness > 0.95, $"{with}");
        Assert.InRange(with.Excess, 0, Burst);

        // Without it the same links fill the modem, so all of this can fail.
        var without = ThreeBulkAndRealtime(Bandwidth.Zero);
        Assert.True(without.P99.Milliseconds > 100 && without.Missing > 0 && without.Excess > 10 * Burst, $"{without}");
    }

    [Fact]
    public void Signal_goes_before_bulk_and_realtime_before_signal()
    {
        using var net = new UplinkNet(4, Rate);
        net.BeginBulk(0, 1, 2);
        net.BeginSteady(0, 3, ServiceClass.Signal, 3);
        net.BeginSteady(0, 4, ServiceClass.Realtime, 2);
        net.Loop.RunFor(Duration.FromSeconds(6));
        Assert.True(net[3].Delays.Count > 0.95 * net.Hub.SteadySent * 3 / 5, $"{net[3].Delays.Count} of {net.Hub.SteadySent}");
        Assert.InRange(Percentile(net[3].Delays, 99).Milliseconds, 20, 24);
        Assert.InRange(Percentile(net[4].Delays, 99).Milliseconds, 20, 23);
    }

    /// <summary>What the others took was no sample of the path: the link is not thought slow when they have ended.</summary>
    [Fact]
    public void A_link_uses_at_once_what_the_others_leave()
    {
        using var net = new UplinkNet(3, Rate);
        net.BeginBulk(0, 1, 2, 3);
        net.Loop.RunFor(Duration.FromSeconds(8));
        Assert.All(net.Hub.Node.InspectLinks(), link => Assert.True(link.Counters.TurnsLate > link.Counters.DatagramsSent / 3, $"{link.Counters.TurnsLate} of {link.Counters.DatagramsSent} turns came late"));
        net.Hub.EndBulk();
        net.BeginBulk(0, 1);

        // What was accepted before goes out first.
        net.Loop.RunFor(Second);
        var before = net.SentTo(1);
        Assert.InRange(net.Measure(Second, 1)[0], 17.5, 20);
        Assert.InRange(Bandwidth.FromBytes(net.SentTo(1) - before, Second).MegabitsPerSecond, 19.5, 20.1);
        net.BeginBulk(0, 2, 3);
        net.Loop.RunFor(Second);
        Assert.All(net.Measure(Duration.FromSeconds(3), 1, 2, 3), one => Assert.InRange(one, 5.9, 6.5));
    }

    /// <summary>A path that is narrower than its part of the uplink is not taken for a shaped one, and its queue stays as short as without.</summary>
    [Fact]
    public void A_narrow_path_beside_a_busy_uplink_is_not_flooded()
    {
        var shaped = NarrowPath(Rate, UplinkNet.ModemMbps);
        var alone = NarrowPath(Bandwidth.Zero, modemMbps: 1_000);
        Assert.InRange(shaped.Goodput, 0.9 * alone.Goodput, 2);
        Assert.True(shaped.Others > 0.9 * (20 - 2) * 0.92, $"{shaped}");
        Assert.True(shaped.Wait < alone.Wait + 10 && shaped.Wait < 45, $"{shaped}, alone {alone}");
    }

    /// <summary>What waits for the uplink is marked, so that an origin far away slows down, and next to nothing has to be dropped.</summary>
    [Fact]
    public void A_relay_s_queue_for_its_uplink_slows_the_origin_down()
    {
        using var net = new UplinkNet(2, Bandwidth.FromMegabitsPerSecond(5));
        foreach (var (from, to) in ((int, int)[])[(1, 2), (2, 1)])
            net.Loop.Call<UplinkHost>(from, (host, _) => host.Node.TrySetRoute([UplinkNet.IdOf(from), UplinkNet.IdOf(0), UplinkNet.IdOf(to)]));
        net.BeginBulk(1, 2);
        net.Loop.RunFor(Duration.FromSeconds(3));
        var most = 0L;
        var before = net[2].BulkBytes;
        for (var i = 0; i < 1_000; i++)
        {
            net.Loop.RunFor(Duration.FromMilliseconds(10));
            most = Math.Max(most, net.Hub.Node.PacketMemoryInUse);
        }

        Assert.InRange(Bandwidth.FromBytes(net[2].BulkBytes - before, Duration.FromSeconds(10)).MegabitsPerSecond, 4.3, 5);
        Assert.InRange(most, 0, 400_000);
        Assert.Equal(0, net.Hub.Node.Drops[DropReason.QueueFull]);
    }

    [Fact]
    public void A_hundred_peers_get_the_same()
    {
        using var net = new UplinkNet(100, Rate);
        int[] peers = [.. Enumerable.Range(1, 100)];
        net.BeginBulk(0, peers);
        net.Loop.RunFor(Duration.FromSeconds(15));
        var got = net.Measure(Duration.FromSeconds(25), peers);
        Assert.True(got.Min() > 0.9 * got.Average(), $"the least got {got.Min()} of {got.Average()} Mbit/s");
        Assert.InRange(got.Sum(), 17, 20);
        Assert.InRange(net.Hub.LinksDown + peers.Sum(peer => net[peer].LinksDown), 0, 0);
    }

    /// <summary>At the least rate there is, forty links want Bulk: all of them live, and a newcomer gets in.</summary>
    [Fact]
    public void The_least_uplink_keeps_every_link_and_lets_a_newcomer_in()
    {
        var least = Bandwidth.FromMegabitsPerSecond(1);
        using var net = new UplinkNet(42, least, "host n42 down\nhost n43 down", modemMbps: 1.05);
        var meter = new UplinkMeter(net.Loop, 0, least);
        int[] peers = [.. Enumerable.Range(1, 40)];
        net.BeginBulk(0, peers);
        net.BeginSteady(0, 1, ServiceClass.Realtime, 0.2);
        net.Loop.RunFor(Duration.FromSeconds(30));
        Assert.Equal(40, net.Hub.Node.LinkCount);
        net.Loop.Apply("host n42 up");
        net.Loop.Apply("host n43 up");
        net.Loop.RunFor(Duration.FromSeconds(8));
        Assert.Equal(42, net.Hub.Node.LinkCount);
        var before = peers.Select(Delivered).ToArray();
        net.Loop.RunFor(Duration.FromSeconds(30));
        var came = peers[1..].Select(peer => Delivered(peer) - before[peer - 1]).ToList();
        Assert.True(came.Min() > 0.9 * came.Average(), $"{came.Min()} to {came.Max()} packets came.");
        Assert.InRange(net.Hub.LinksDown + peers.Sum(peer => net[peer].LinksDown), 0, 0);
        Assert.InRange(Percentile(net[1].Delays, 99).Milliseconds, 20, 80);
        Assert.InRange(meter.Excess, 0, Burst);

        long Delivered(int peer) => net[peer].Node.InspectLinks()[0].Counters.PacketsDelivered;
    }

    /// <summary>More Realtime than the uplink carries: what comes is in time, what cannot leaves the queue, and Bulk keeps its part.</summary>
    [Fact]
    public void Too_much_realtime_is_shed_and_does_not_starve_bulk()
    {
        using var net = new UplinkNet(3, Rate);
        net.BeginSteady(0, 1, ServiceClass.Realtime, 15);
        net.BeginSteady(0, 2, ServiceClass.Realtime, 15);
        net.BeginBulk(0, 3);
        net.Loop.RunFor(Duration.FromSeconds(2));
        var bulk = net.Measure(Duration.FromSeconds(5), 3)[0];
        Assert.InRange(bulk, 0.9, 1.4);
        Assert.All(net[1].Delays.Concat(net[2].Delays), delay => Assert.True(delay <= UplinkHost.Deadline + Duration.FromMilliseconds(1), $"{delay}"));
        Assert.InRange((double)(net.SentTo(1) - net.SentTo(2)) / net.SentTo(1), -0.02, 0.02);
        Assert.True(net.Hub.Node.Drops[DropReason.Shed] > 1_000, $"{net.Hub.Node.Drops[DropReason.Shed]} packets were shed.");
        net.Hub.EndSteady();
        net.Loop.RunFor(UplinkHost.Deadline);
        net[1].Delays.Clear();
        net.BeginSteady(0, 1, ServiceClass.Realtime, 1);
        net.Loop.RunFor(Second);
        Assert.InRange(Percentile(net[1].Delays, 99).Milliseconds, 20, 22);
    }

    [Fact]
    public void The_rate_may_change_on_the_way()
    {
        using var net = new UplinkNet(2, Rate);
        net.BeginBulk(0, 1, 2);
        net.Loop.RunFor(Duration.FromSeconds(2));
        foreach (var megabits in (double[])[6, 15, 2])
        {
            net.Loop.Call<UplinkHost>(0, (host, _) => host.Node.SetUplinkRate(Bandwidth.FromMegabitsPerSecond(megabits)));
            net.Loop.RunFor(Second);
            var before = net.SentTo(1) + net.SentTo(2);
            net.Loop.RunFor(Duration.FromSeconds(4));
            Assert.InRange(Bandwidth.FromBytes(net.SentTo(1) + net.SentTo(2) - before, Duration.FromSeconds(4)).MegabitsPerSecond / megabits, 0.98, 1.01);
        }

        net.Loop.Call<UplinkHost>(0, (host, _) => host.Node.SetUplinkRate(Bandwidth.Zero));
        net.Loop.RunFor(Duration.FromSeconds(2));
        Assert.True(net.Measure(Duration.FromSeconds(3), 1, 2).Sum() > 17.5);
    }

    private static Outcome ThreeBulkAndRealtime(Bandwidth uplink)
    {
        using var net = new UplinkNet(4, uplink);
        var meter = new UplinkMeter(net.Loop, 0, Rate);
        net.BeginSteady(0, 4, ServiceClass.Realtime, 1);
        net.BeginBulk(0, 1, 2, 3);
        net.Loop.RunFor(Second);
        var (sent, wire) = (net.Hub.SteadySent, Wire(net));
        net[4].Delays.Clear();
        var time = Duration.FromSeconds(10);
        var bulk = net.Measure(time, 1, 2, 3);
        var after = Wire(net);
        var left = Rate.BytesIn(time) - (double)(after.Realtime - wire.Realtime);

        // Three may be on their way.
        var missing = Math.Max(0, net.Hub.SteadySent - sent - net[4].Delays.Count - 3);
        return new(
            Percentile(net[4].Delays, 99),
            missing,
            (after.Bulk - wire.Bulk) / left,
            bulk.Sum() * 1e6 / 8 * time.Seconds / left,
            bulk.Min() / bulk.Average(),
            meter.Excess);
    }

    private static (long Bulk, long Realtime) Wire(UplinkNet net) => (net.SentTo(1) + net.SentTo(2) + net.SentTo(3), net.SentTo(4));

    /// <summary>Bulk to four peers, the first of which is behind 2 Mbit/s of its own: what it and the others get, and what the median packet waits there.</summary>
    private static (double Goodput, double Others, double Wait) NarrowPath(Bandwidth uplink, double modemMbps)
    {
        using var net = new UplinkNet(4, uplink, "path n1 n2 rate 2 queue 200 share 0", modemMbps);
        net.BeginBulk(0, 1, 2, 3, 4);
        net.Loop.RunFor(Duration.FromSeconds(3));
        var waits = new List<Duration>();
        var before = Enumerable.Range(1, 4).Select(peer => net[peer].BulkBytes).ToArray();
        for (var i = 0; i < 1_500; i++)
        {
            net.Loop.RunFor(Duration.FromMilliseconds(10));
            waits.Add(net.Loop.Network.Backlog(0, 1));
        }

        var got = before.Select((bytes, index) => Bandwidth.FromBytes(net[index + 1].BulkBytes - bytes, Duration.FromSeconds(15)).MegabitsPerSecond).ToArray();
        return (got[0], got[1..].Sum(), Percentile(waits, 50).Milliseconds);
    }

    private static Duration Percentile(List<Duration> values, int percent) => values.Order().ElementAt(values.Count * percent / 100);

    private sealed record Outcome(Duration P99, int Missing, double Used, double Goodput, double Fairness, double Excess);
}
