using WeCan.Contracts;
using WeCan.Protocol.Coding;
using WeCan.Protocol.Tests.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Coding;

/// <summary>What a peer with the right keys and false repairs can do to a decoder: nothing but waste its own.</summary>
public sealed class RepairAbuseTests
{
    private const long MostBytes = (CodingLimits.RememberedSymbols + CodingLimits.MaxUnknowns + 1L) * WireLimits.MaxPathPacket;

    [Fact]
    public void A_repeated_repair_says_nothing_new_and_costs_nothing()
    {
        var coded = new CodedClass(1);
        coded.SendMany(10, () => 1_000);
        var repair = coded.Repair(0, 1, 2, 3);
        Assert.Equal(RepairResult.Kept, coded.Arrive(repair));
        var before = (coded.Pool.RentedBytes, coded.Decoder.RegionOperations);
        for (var i = 0; i < 100; i++)
            Assert.Equal(RepairResult.NothingNew, coded.Arrive(repair));
        Assert.Equal(before, (coded.Pool.RentedBytes, coded.Decoder.RegionOperations));
    }

    [Fact]
    public void A_repair_of_what_came_long_ago_is_useless_and_counted()
    {
        var coded = new CodedClass(1);
        coded.SendMany(CodingLimits.RememberedSymbols + 10, () => 20);
        for (var symbol = 0UL; symbol < (ulong)coded.Sent.Count; symbol++)
        {
            if (symbol != 9)
                coded.Arrive(symbol);
        }

        Assert.Equal(RepairResult.Useless, coded.Arrive(coded.Repair(8, 9)));
        Assert.Equal(1, coded.Drops[DropReason.UselessRepair]);
        Assert.Equal(RepairResult.Kept, coded.Arrive(coded.Repair(9, 10)));
        Assert.Equal([9], coded.Solved);
    }

    [Theory]
    [InlineData(WireLimits.SymbolWindow)]
    [InlineData(100_000)]
    [InlineData(0x7F_0000)]
    public void A_repair_of_what_cannot_have_been_sent_is_useless(uint ahead)
    {
        var coded = new CodedClass(1);
        Assert.Equal(RepairResult.Useless, coded.Arrive([0x21, (byte)(ahead >> 16), (byte)(ahead >> 8), (byte)ahead, 0, 0, 1, 1, 2, 3]));
        Assert.Equal(0, coded.Pool.RentedBytes);
    }

    /// <summary>Rows that never become solvable fill the table and push each other out, the oldest first.</summary>
    [Fact]
    public void Repairs_that_never_solve_hold_no_more_than_the_bound()
    {
        var coded = new CodedClass(1);
        coded.SendMany(3_000, () => 500);
        for (var symbol = 0UL; symbol + 1 < 3_000; symbol += 2)
        {
            coded.Arrive(coded.Repair(symbol, symbol + 1));
            Assert.InRange(coded.Pool.RentedBytes, 1, CodingLimits.MaxUnknowns * WireLimits.MaxPathPacket);
        }

        // Each is one row over two unknowns, so that 32 of them fit, and these are the newest.
        coded.Arrive(2_998);
        coded.Arrive(2_936);
        coded.Arrive(2_934);
        Assert.Equal([2_999, 2_937], coded.Solved);
    }

    [Fact]
    public void Rows_behind_the_window_go()
    {
        const ulong First = WireLimits.SymbolWindow + 900;
        const ulong Last = (2 * WireLimits.SymbolWindow) + 800;
        var coded = new CodedClass(1);
        coded.SendMany(3 * WireLimits.SymbolWindow, () => 10);
        coded.Arrive(coded.Repair(0, 1));
        coded.Arrive(WireLimits.SymbolWindow + 890);
        coded.Arrive(coded.Repair(First, First + 1));
        coded.Arrive(Last);
        Assert.Equal(RepairResult.Kept, coded.Arrive(coded.Repair(Last + 1, Last + 2)));
        var rows = coded.Pool.RentedBytes / WireLimits.MaxPathPacket;
        Assert.Equal(2, rows);
        coded.Decoder.Forget(Last + 2);
        coded.Arrive(First);
        Assert.Empty(coded.Solved);
    }

    [Fact]
    public void A_solved_head_that_no_symbol_has_is_counted_and_let_go()
    {
        var coded = new CodedClass(1);
        coded.SendMany(4, () => 100);
        coded.Arrive(0);
        var repair = coded.Repair(0, 1);
        repair[7] ^= 0x38;
        Assert.Equal(RepairResult.Kept, coded.Arrive(repair));
        Assert.Empty(coded.Solved);
        Assert.Equal(1, coded.Drops[DropReason.FalseRepair]);
        Assert.Equal(RepairResult.Kept, coded.Arrive(coded.Repair(0, 1)));
        Assert.Equal([1], coded.Solved);
    }

    [Fact]
    public void Bytes_behind_a_solved_length_show_a_false_repair()
    {
        var coded = new CodedClass(1);
        coded.Send(100);
        coded.Send(50);
        coded.Arrive(0);
        var repair = coded.Repair(0, 1);
        repair[^1] ^= 1;
        coded.Arrive(repair);
        Assert.Empty(coded.Solved);
        Assert.Equal(1, coded.Drops[DropReason.FalseRepair]);
    }

    /// <summary>Repairs whose vector is noise and whose sets are wild, between true ones: bounded, and never an exception.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Noise_stays_within_the_bounds(ulong seed)
    {
        var random = new SimRandom(seed);
        var pool = new Protocol.Links.PacketPool(64L << 20);
        var decoder = new RepairDecoder(pool, new DropCounters());
        var window = default(Protocol.Links.SymbolWindow);
        var bytes = new byte[WireLimits.FullDatagram];
        for (var step = 0; step < 20_000; step++)
        {
            var before = decoder.RegionOperations;
            if (random.Chance(0.3))
            {
                var symbol = window.Next + (ulong)random.Below(70) - Math.Min(window.Next, 35);
                var length = 1 + random.Below(WireLimits.MaxPathPacket);
                random.Fill(bytes.AsSpan(0, length));
                if (window.TryTake(symbol))
                    decoder.OnSymbol(symbol, DataFrame.Whole, bytes.AsSpan(0, length));
            }
            else
            {
                var writer = new WireWriter(bytes);
                ulong[] symbols = [.. Enumerable.Range(0, 100).Where(_ => random.Chance(0.6)).Take(64).Select(i => window.Next + (ulong)i)];
                if (RepairFrame.MeasureHead(symbols) == 0)
                    symbols = [window.Next, window.Next + 1 + (ulong)random.Below(4_000)];
                RepairFrame.WriteHead(ref writer, ServiceClass.Bulk, (byte)random.Next(), symbols);
                random.Fill(writer.Reserve(3 + random.Below(WireLimits.MaxPathPacket)));
                var reader = new WireReader(writer.Written[1..]);
                Assert.True(RepairFrame.TryRead(0x23, ref reader, out var frame));
                decoder.OnRepair(frame, Serial.Expand24(frame.First, window.Next), window);
            }

            while (decoder.TryTakeSolved(out var symbol, out _, out var content))
            {
                Assert.InRange(content.Length, 1, WireLimits.MaxPathPacket);
                window.TryTake(symbol);
            }

            Assert.InRange(decoder.RegionOperations - before, 0, CodingLimits.MaxRegionOperations);
            Assert.True(pool.RentedBytes <= MostBytes);
        }

        decoder.Trim();
        Assert.Equal(0, pool.RentedBytes);
    }

    [Fact]
    public void An_empty_pool_only_means_less_repair()
    {
        var coded = new CodedClass(1, poolBytes: 2 * WireLimits.MaxPathPacket);
        coded.SendMany(40, () => 1_280);
        for (var symbol = 0UL; symbol < 10; symbol++)
            coded.Arrive(symbol);
        Assert.Equal(RepairResult.OutOfBuffers, coded.Arrive(coded.Repair(0, 1, 20)));
        Assert.Equal(RepairResult.Useless, coded.Arrive(coded.Repair(8, 9, 20)));
        Assert.Equal(1, coded.Drops[DropReason.OutOfBuffers]);
        coded.Decoder.Trim();
        Assert.Equal(0, coded.Pool.RentedBytes);
        Assert.Equal(RepairResult.Kept, coded.Arrive(coded.Repair(20, 21)));
        coded.Arrive(20);
        Assert.Equal([21], coded.Solved);
    }

    [Fact]
    public void What_is_remembered_leaves_half_of_the_pool_to_packets()
    {
        var coded = new CodedClass(1, poolBytes: 100 * WireLimits.MaxPathPacket);
        coded.SendMany(400, () => 1_280);
        for (var symbol = 0UL; symbol < 400; symbol++)
            coded.Arrive(symbol);
        Assert.InRange(coded.Pool.RentedBytes, 1, 51 * WireLimits.MaxPathPacket);
    }
}
