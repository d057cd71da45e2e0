using WeCan.Protocol.Coding;
using WeCan.Protocol.Tests.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Coding;

/// <summary>What a decoder promises: whatever it solves is what was sent, as many repairs as are missing are enough, and nothing is kept after.</summary>
public sealed class RepairDecoderTests
{
    [Fact]
    public void One_repair_gives_the_one_that_is_missing()
    {
        var coded = new CodedClass(1);
        coded.SendMany(5, () => 1_200);
        foreach (var symbol in (ulong[])[0, 1, 3, 4])
            coded.Arrive(symbol);
        Assert.Equal(RepairResult.Kept, coded.Arrive(coded.Repair(0, 1, 2, 3, 4)));
        Assert.Equal([2], coded.Solved);
        Assert.False(coded.Decoder.HoldsRepairs);
    }

    [Fact]
    public void A_repair_waits_for_what_comes_late()
    {
        var coded = new CodedClass(1);
        coded.Send(100);
        coded.Send(1_280);
        coded.Send(1);
        Assert.Equal(RepairResult.Kept, coded.Arrive(coded.Repair(0, 1, 2)));
        coded.Arrive(0);
        Assert.Empty(coded.Solved);
        coded.Arrive(2);
        Assert.Equal([1], coded.Solved);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(64)]
    public void As_many_repairs_as_are_missing_always_solve_them(int covered)
    {
        var random = new SimRandom((ulong)covered);
        for (var round = 0; round < 200; round++)
        {
            var coded = new CodedClass(random.Next());
            coded.SendMany(random.Below(300) + covered, () => 1 + random.Below(random.Chance(0.5) ? 200 : WireLimits.MaxPathPacket));
            var first = (ulong)(coded.Sent.Count - covered);
            ulong[] symbols = [.. Enumerable.Range(0, covered).Select(i => first + (ulong)i)];
            var missing = 1 + random.Below(covered);
            var lost = symbols.OrderBy(_ => random.Next()).Take(missing).ToHashSet();
            foreach (var packet in coded.Sent.Where(packet => !lost.Contains(packet.Symbol)))
                coded.Arrive(packet.Symbol);

            // Any rows will do, as long as they differ modulo 128.
            byte[] rows = [.. Enumerable.Range(0, 128).OrderBy(_ => random.Next()).Take(missing).Select(row => (byte)(row + (128 * random.Below(2))))];
            foreach (var row in rows)
                Assert.Equal(RepairResult.Kept, coded.Arrive(coded.Repair(row, symbols)));
            Assert.Equal(lost.Count, coded.Solved.Count);
            Assert.Equal(RepairResult.NothingMissing, coded.Arrive(coded.Repair(1, symbols)));
            coded.Decoder.Trim();
            Assert.Equal(0, coded.Pool.RentedBytes);
        }
    }

    /// <summary>Windows that slide, losses, repairs and symbols that come in any order and twice, all sizes and pieces.</summary>
    [Theory]
    [InlineData(1, 0.02)]
    [InlineData(2, 0.1)]
    [InlineData(3, 0.3)]
    [InlineData(4, 0.45)]
    public void Whatever_is_solved_is_what_was_sent(ulong seed, double loss)
    {
        var random = new SimRandom(seed);
        var coded = new CodedClass(seed);
        var inFlight = new List<(int At, ulong Symbol, byte[]? Repair)>();
        for (var step = 0; step < 6_000; step++)
        {
            coded.Send(1 + random.Below(random.Chance(0.5) ? 150 : WireLimits.MaxPathPacket), (sbyte)(random.Below(3) - 1));
            Put(random, inFlight, step, loss, (ulong)step, null);
            if (step >= 64 && random.Chance(2.5 * loss))
            {
                var lost = Enumerable.Range(step - 60, 60).Where(symbol => symbol >= 0 && !coded.Had.Contains((ulong)symbol)).Select(symbol => (ulong)symbol);
                ulong[] symbols = random.Chance(0.5)
                    ? [.. Enumerable.Range(0, 2 + random.Below(63)).Select(i => (ulong)(step - i)).Reverse()]
                    : [.. lost.Where(_ => random.Chance(0.7)).Take(12)];
                if (symbols.Length >= 2 && RepairEncoder.Measure([.. symbols.Select(symbol => coded.Sent[(int)symbol])]) > 0)
                    Put(random, inFlight, step, loss, 0, coded.Repair(symbols));
            }

            foreach (var (_, symbol, repair) in inFlight.Where(one => one.At <= step))
            {
                if (repair is null)
                    coded.Arrive(symbol);
                else
                    coded.Arrive(repair);
            }

            inFlight.RemoveAll(one => one.At <= step);
            Assert.True(coded.Pool.RentedBytes <= (CodingLimits.RememberedSymbols + CodingLimits.MaxUnknowns + 1) * (long)WireLimits.MaxPathPacket);
        }

        Assert.True(coded.Solved.Count > 30, $"Only {coded.Solved.Count} were solved.");
        Assert.Equal(0, coded.Drops[DropReason.FalseRepair]);
        coded.Decoder.Trim();
        Assert.Equal(0, coded.Pool.RentedBytes);
    }

    /// <summary>A decoder knows at once what its repairs determine: held against elimination from scratch over all that came.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_can_be_known_is_solved_at_once(ulong seed)
    {
        var random = new SimRandom(seed);
        for (var round = 0; round < 60; round++)
        {
            var coded = new CodedClass(random.Next());
            coded.SendMany(100, () => 1 + random.Below(40));
            var oracle = new RankOracle();
            for (var step = 0; step < 60; step++)
            {
                if (random.Chance(0.4))
                {
                    var symbol = (ulong)(40 + random.Below(40));
                    coded.Arrive(symbol);
                    oracle.Add([(symbol, 1)]);
                }
                else
                {
                    ulong[] symbols = [.. Enumerable.Range(40, 40).Where(_ => random.Chance(0.2)).Select(symbol => (ulong)symbol)];
                    if (symbols.Length < 2 || RepairEncoder.Measure([.. symbols.Select(symbol => coded.Sent[(int)symbol])]) == 0)
                        continue;
                    var row = (byte)step;
                    coded.Arrive(coded.Repair(row, symbols));
                    oracle.Add([.. symbols.Select(symbol => (symbol, Cauchy.Coefficient(row, symbol)))]);
                }

                Assert.Equal(oracle.Known(), coded.Had.Order());
            }

            coded.Decoder.Trim();
            Assert.Equal(0, coded.Pool.RentedBytes);
        }
    }

    /// <summary>Rows are dropped when symbols fall behind, and yet what can be known of the later ones is known.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Forgetting_the_old_loses_nothing_of_the_new(ulong seed)
    {
        var random = new SimRandom(seed);
        for (var round = 0; round < 100; round++)
        {
            var coded = new CodedClass(random.Next());
            coded.SendMany(128, () => 1 + random.Below(40));
            var oracle = new RankOracle();
            for (var below = 0; below < 60; below++)
            {
                coded.Decoder.Forget((ulong)below);
                ulong[] symbols = [.. Enumerable.Range(below, 40).Where(_ => random.Chance(0.2)).Select(symbol => (ulong)symbol)];
                if (symbols.Length < 2 || random.Chance(0.4))
                {
                    var symbol = (ulong)(below + random.Below(40));
                    coded.Arrive(symbol);
                    oracle.Add([(symbol, 1)]);
                }
                else if (RepairEncoder.Measure([.. symbols.Select(symbol => coded.Sent[(int)symbol])]) > 0)
                {
                    coded.Arrive(coded.Repair((byte)below, symbols));
                    oracle.Add([.. symbols.Select(symbol => (symbol, Cauchy.Coefficient((byte)below, symbol)))]);
                }

                Assert.Equal(oracle.Known().Where(symbol => symbol >= (ulong)below), coded.Had.Where(symbol => symbol >= (ulong)below).Order());
            }
        }
    }

    /// <summary>More symbols are missing than rows and columns are for, so that old rows go while repairs over theirs still come.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_pushed_out_makes_nothing_wrong(ulong seed)
    {
        var random = new SimRandom(seed);
        var solved = 0;
        for (var round = 0; round < 200; round++)
        {
            var coded = new CodedClass(random.Next());
            coded.SendMany(120, () => 1 + random.Below(40));
            for (var step = 0; step < 128; step++)
            {
                var start = random.Below(110);
                ulong[] symbols = [.. Enumerable.Range(start, 2 + random.Below(Math.Min(62, 118 - start))).Where(symbol => symbol % 7 != step % 7).Select(symbol => (ulong)symbol)];
                if (RepairEncoder.Measure([.. symbols.Select(symbol => coded.Sent[(int)symbol])]) > 0)
                    coded.Arrive(coded.Repair((byte)step, symbols));
            }

            foreach (var symbol in Enumerable.Range(0, 120).OrderBy(_ => random.Next()).Where(_ => random.Chance(0.8)))
                coded.Arrive((ulong)symbol);
            Assert.Equal(0, coded.Drops[DropReason.FalseRepair]);
            solved += coded.Solved.Count;
        }

        Assert.True(solved > 1_000, $"Only {solved} were solved.");
    }

    private static void Put(SimRandom random, List<(int At, ulong Symbol, byte[]? Repair)> inFlight, int step, double loss, ulong symbol, byte[]? repair)
    {
        if (random.Chance(loss))
            return;
        inFlight.Add((step + random.Below(random.Chance(0.1) ? 80 : 3), symbol, repair));
        if (random.Chance(0.05))
            inFlight.Add((step + random.Below(100), symbol, repair));
    }
}
