using System.Buffers;
using WeCan.Controller.History.Points;

namespace WeCan.Controller.Tests.History;

/// <summary>Points are added exactly, whatever is added to what and in which order, and are read as they were written; other bytes are none.</summary>
public sealed class PointTests
{
    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 400)]
    [InlineData(3, 4_000)]
    [InlineData(4, 4_000)]
    public void Parts_added_in_any_order_are_what_all_values_at_once_would_be(int seed, int count)
    {
        var random = new Random(seed);
        var values = Enumerable.Range(0, count).Select(_ => (Value: random.NextInt64() >> random.Next(4, 63), Weight: 1 + random.NextInt64(100_000))).ToList();
        var whole = Of(values);
        Assert.Equal(values.Sum(each => each.Weight), whole.Count);
        Assert.Equal(values.Min(each => each.Value), whole.Least);
        Assert.Equal(values.Max(each => each.Value), whole.Greatest);
        for (var round = 0; round < 20; round++)
        {
            var parts = values.GroupBy(_ => random.Next(1 + (round * 5))).Select(Of).ToList();
            while (parts.Count > 1)
            {
                var (one, other) = (random.Next(parts.Count), random.Next(parts.Count));
                if (one == other)
                    continue;
                parts[one].Add(parts[other]);
                parts.RemoveAt(other);
            }

            Assert.Equal(Text(whole), Text(parts[0]));
        }
    }

    [Fact]
    public void Sums_are_those_of_a_naive_reckoning()
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 1_000).Select(_ => (Value: random.NextInt64(1_000_000), Weight: random.NextInt64(1, 10_000))).ToList();
        Assert.Equal(values.Sum(each => each.Value * each.Weight), Of(values).Total);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(1.0)]
    public void A_percentile_is_within_a_sixtieth_of_the_true_one(double share)
    {
        var random = new Random(6);
        for (var round = 0; round < 200; round++)
        {
            // As round trips are: around one value, with a tail.
            var middle = random.NextInt64(10, 400_000);
            var values = Enumerable.Range(0, 500).Select(_ => (Value: (long)(middle * (1 + (0.3 * random.NextDouble() * random.NextDouble()))), Weight: 1L)).ToList();
            var exact = values.Select(each => each.Value).Order().ElementAt((int)Math.Ceiling(share * 500) - 1);
            Assert.InRange(Of(values).Quantile(share), exact - (exact / 60.0) - 1, exact + (exact / 60.0) + 1);
        }
    }

    [Fact]
    public void Cells_follow_each_other_without_a_gap_and_are_narrow()
    {
        var before = -1;
        for (long value = 0; value < 300_000; value++)
        {
            var cell = Spread.CellOf(value);
            Assert.InRange(cell - before, 0, 1);
            before = cell;
        }

        Assert.Equal(Spread.LastCell, Spread.CellOf(long.MaxValue));
        Assert.Equal(0, Spread.CellOf(-5));
    }

    [Fact]
    public void A_sum_beyond_any_network_stays_at_the_greatest_number()
    {
        var tally = new Tally(TallyKind.Spread);
        for (var i = 0; i < 3; i++)
            tally.Add(long.MaxValue, long.MaxValue);
        Assert.Equal((long.MaxValue, long.MaxValue, long.MaxValue), (tally.Count, tally.Total, tally.Greatest));
        tally.Add(-7, 1);
        Assert.Equal(0, tally.Least);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_written_is_read_and_what_is_changed_is_refused_or_harmless(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            var point = Draw(random);
            var bytes = Write(point);
            Assert.True(new PointReader(bytes).TryRead(point.Kind, out var read));
            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(Write(read)));
            Assert.False(new PointReader(bytes.AsSpan(0, random.Next(bytes.Length))).TryRead(point.Kind, out _));
            for (var times = random.Next(1, 4); times > 0; times--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (!new PointReader(bytes).TryRead(point.Kind, out var changed))
                continue;

            // Whatever it says now can be added to and written.
            changed.Add(point);
            Assert.True(new PointReader(Write(changed)).TryRead(point.Kind, out _));
        }
    }

    [Fact]
    public void A_mean_to_be_paid_for_is_one_of_five_minutes_and_over_a_longer_time_where_nobody_heard_the_node()
    {
        var point = new HistoryPoint(SeriesKind.Traffic);
        point[TrafficTallies.Covered].Add(300_000);
        point[TrafficTallies.LinkBytesIn].Add(37_500_000);
        point[TrafficTallies.LinkBytesOut].Add(75_000_000);
        Billing.Settle(point);
        Assert.Equal((1_000, 2_000, 1), (point[TrafficTallies.BilledIn].Total, point[TrafficTallies.BilledOut].Total, point[TrafficTallies.BilledOut].Count));

        var late = new HistoryPoint(SeriesKind.Traffic);
        late[TrafficTallies.Covered].Add(3_600_000);
        late[TrafficTallies.LinkBytesIn].Add(450_000_000);
        Billing.Settle(late);
        Assert.Equal(1_000, late[TrafficTallies.BilledIn].Total);
    }

    internal static HistoryPoint Draw(Random random)
    {
        var point = new HistoryPoint((SeriesKind)random.Next(1, 4));
        for (var which = 0; which < point.Count; which++)
        {
            for (var times = random.Next(3) == 0 ? random.Next(200) : random.Next(3); times > 0; times--)
            {
                if (point[which].Kind == TallyKind.Total)
                    point[which].Add(random.NextInt64() >> random.Next(8, 63));
                else
                    point[which].Add(random.NextInt64() >> random.Next(20, 63), 1 + (random.NextInt64() >> random.Next(45, 63)));
            }
        }

        return point;
    }

    internal static byte[] Write(HistoryPoint point)
    {
        var output = new ArrayBufferWriter<byte>();
        PointWriter.Write(point, output);
        return output.WrittenSpan.ToArray();
    }

    private static Tally Of(IEnumerable<(long Value, long Weight)> values)
    {
        var tally = new Tally(TallyKind.Spread);
        foreach (var (value, weight) in values)
            tally.Add(value, weight);
        return tally;
    }

    private static string Text(Tally tally)
    {
        var cells = Enumerable.Range(0, tally.Spread!.Count).Select(place => $"{tally.Spread[place]}");
        return $"{tally.Count} {tally.Total} {tally.Least} {tally.Greatest} {tally.Spread.Coarseness} {string.Join(' ', cells)}";
    }
}
