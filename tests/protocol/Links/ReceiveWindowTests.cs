using System.Buffers;
using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>docs/wire-format.md, sections 4 and 5.3: what is new, and what an ACK frame made from the window says.</summary>
public sealed class ReceiveWindowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_ack_names_exactly_what_came_within_the_window(int seed)
    {
        var random = new Random(seed);
        var window = default(ReceiveWindow);
        var model = new SortedSet<ulong>();
        ulong next = (ulong)random.Next(0, 5_000);
        for (var step = 0; step < 20_000; step++)
        {
            var jump = random.Next(100) switch { < 80 => 1, < 98 => random.Next(1, 5), 98 => random.Next(1, 300), _ => random.Next(1, 6_000) };
            var number = random.Next(10) == 0 && next > 50 ? next - (ulong)random.Next(1, 50) : next += (ulong)jump;
            var known = model.Contains(number);
            var tooOld = model.Count > 0 && model.Max >= number && model.Max - number >= WireLimits.ReplayWindow;
            Assert.Equal(!known && !tooOld, window.IsNew(number));
            if (!window.IsNew(number))
                continue;
            window.Record(number, new(step * 10_000L));
            model.Add(number);
            if (step % 50 == 0)
                AssertAckMatches(ref window, model, new(step * 10_000L));
        }
    }

    [Fact]
    public void A_single_packet_zero_is_acknowledged()
    {
        var window = default(ReceiveWindow);
        window.Record(0, MonoTime.Zero);
        AssertAckMatches(ref window, [0], MonoTime.Zero);
    }

    [Fact]
    public void Nothing_below_the_forgotten_floor_is_named()
    {
        var window = default(ReceiveWindow);
        for (ulong number = 0; number < 100; number += 2)
            window.Record(number, MonoTime.Zero);
        window.ForgetBelow(90);
        var acked = ReadAck(ref window, MonoTime.Zero, 100);
        Assert.Equal([98UL, 96, 94, 92, 90], acked);
    }

    [Fact]
    public void Receive_times_come_back_as_the_spacing_of_neighbours()
    {
        var window = default(ReceiveWindow);
        window.Record(0, MonoTime.FromMilliseconds(10));
        window.Record(1, MonoTime.FromMilliseconds(12));
        window.Record(3, MonoTime.FromMilliseconds(20));
        Span<byte> buffer = stackalloc byte[200];
        var writer = new WireWriter(buffer);
        window.WriteAck(ref writer, MonoTime.FromMilliseconds(25));
        var reader = new WireReader(writer.Written[1..]);
        Assert.True(AckFrame.TryRead(ref reader, 4, out var ack));
        Assert.Equal(Duration.FromMilliseconds(5), ack.Delay);
        var times = ack.Times();
        Assert.True(times.TryNext(out var first));
        Assert.Equal(8_000, first);
        Assert.True(times.TryNext(out var second));
        Assert.Equal(2_000, second);
        Assert.False(times.TryNext(out _));
    }

    /// <summary>Else the acknowledgement, and a replayed run with it, would depend on who used the memory before.</summary>
    [Fact]
    public void Memory_that_another_window_left_behind_tells_no_times()
    {
        var window = default(ReceiveWindow);
        window.Record(0, MonoTime.FromMilliseconds(10));
        window.Record(1, MonoTime.FromMilliseconds(12));
        window.Trim();
        var left = ArrayPool<ulong>.Shared.Rent(AckFrame.MaxTimes);
        for (var i = 0; i < left.Length; i++)
            left[i] = (ulong)i << 32;
        ArrayPool<ulong>.Shared.Return(left);
        window.Record(2, MonoTime.FromMilliseconds(20));
        Span<byte> buffer = stackalloc byte[200];
        var writer = new WireWriter(buffer);
        window.WriteAck(ref writer, MonoTime.FromMilliseconds(25));
        var reader = new WireReader(writer.Written[1..]);
        Assert.True(AckFrame.TryRead(ref reader, 3, out var ack));
        Assert.False(ack.Times().TryNext(out _));
    }

    [Fact]
    public void A_gap_near_the_front_is_seen_and_an_old_one_is_not()
    {
        var window = default(ReceiveWindow);
        window.Record(0, MonoTime.Zero);
        Assert.False(window.HasRecentGap(4));
        window.Record(2, MonoTime.Zero);
        Assert.True(window.HasRecentGap(4));
        for (ulong number = 3; number < 10; number++)
            window.Record(number, MonoTime.Zero);
        Assert.False(window.HasRecentGap(4));
    }

    private static void AssertAckMatches(ref ReceiveWindow window, SortedSet<ulong> model, MonoTime now)
    {
        var floor = model.Max >= WireLimits.ReplayWindow ? model.Max - WireLimits.ReplayWindow + 1 : 0;
        var expected = model.Reverse().TakeWhile(number => number >= floor).ToList();
        var acked = ReadAck(ref window, now, model.Max + 1);
        Assert.True(acked.Count <= expected.Count);
        Assert.Equal(expected.Take(acked.Count), acked);
        if (acked.Count < expected.Count)
            Assert.Equal(AckFrame.MaxRanges + 1, CountRanges(acked));
    }

    private static int CountRanges(List<ulong> numbers)
    {
        var ranges = 1;
        for (var i = 1; i < numbers.Count; i++)
            ranges += numbers[i - 1] - numbers[i] == 1 ? 0 : 1;
        return ranges;
    }

    private static List<ulong> ReadAck(ref ReceiveWindow window, MonoTime now, ulong nextPacket)
    {
        Span<byte> buffer = stackalloc byte[1_000];
        var writer = new WireWriter(buffer);
        window.WriteAck(ref writer, now);
        var reader = new WireReader(writer.Written[1..]);
        Assert.True(AckFrame.TryRead(ref reader, nextPacket, out var ack));
        Assert.True(reader.IsAtEnd);
        var numbers = new List<ulong>();
        var ranges = ack.Ranges();
        while (ranges.MoveNext())
        {
            for (var number = ranges.High; ; number--)
            {
                numbers.Add(number);
                if (number == ranges.Low)
                    break;
            }
        }

        return numbers;
    }
}
