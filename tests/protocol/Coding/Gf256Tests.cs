using WeCan.Protocol.Coding;
using WeCan.Protocol.Tests.Transport;

namespace WeCan.Protocol.Tests.Coding;

/// <summary>docs/wire-format.md, section 5.9: the field, and that every kernel of this machine computes in it.</summary>
public sealed class Gf256Tests
{
    public static TheoryData<string> Kernels => [.. Gf256Kernel.All.Select(kernel => kernel.Name)];

    [Fact]
    public void The_field_is_the_one_of_its_polynomial()
    {
        // Multiplication by long division, bit by bit, with nothing in common with the tables but the polynomial.
        for (var a = 0; a < 256; a++)
        {
            for (var b = 0; b < 256; b++)
            {
                var product = 0;
                for (var bit = 0; bit < 8; bit++)
                    product ^= (b >> bit & 1) * (a << bit);
                for (var bit = 14; bit >= 8; bit--)
                    product ^= (product >> bit & 1) * (0x11B << (bit - 8));
                Assert.Equal(product, Gf256.Multiply((byte)a, (byte)b));
            }

            Assert.Equal(a == 0 ? 0 : 1, Gf256.Multiply((byte)a, Gf256.Inverse((byte)a)));
        }
    }

    [Fact]
    public void The_best_kernel_comes_first_and_the_portable_one_last()
    {
        Assert.Same(Gf256Kernel.Best, Gf256Kernel.All[0]);
        Assert.Same(Gf256Kernel.Portable, Gf256Kernel.All[^1]);
    }

    /// <summary>All coefficients, all lengths to 200 and some longer, at odd places; and not a byte beside the region.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_computes_what_the_table_says(string name)
    {
        var kernel = Gf256Kernel.All.Single(kernel => kernel.Name == name);
        var random = new SimRandom(1);
        var source = new byte[1_400];
        var before = new byte[1_400];
        random.Fill(source);
        random.Fill(before);
        var added = new byte[1_400];
        var scaled = new byte[1_400];
        int[] lengths = [.. Enumerable.Range(0, 201), 255, 256, 257, 511, 1_200, 1_279, 1_280, 1_282];
        foreach (var length in lengths)
        {
            for (var factor = 0; factor < 256; factor++)
            {
                var (from, to) = ((factor * 7) % 67, 1 + ((factor * 5) % 71));
                before.CopyTo(added, 0);
                before.CopyTo(scaled, 0);
                kernel.MultiplyAdd(added.AsSpan(to, length), source.AsSpan(from, length), (byte)factor);
                kernel.Scale(scaled.AsSpan(to, length), (byte)factor);
                var row = Gf256.Row((byte)factor);
                for (var i = 0; i < length; i++)
                {
                    if (added[to + i] != (before[to + i] ^ row[source[from + i]]) || scaled[to + i] != row[before[to + i]])
                        Assert.Fail($"{name}: byte {i} of {length}, factor {factor}.");
                }

                AssertUntouched(before, added, to, length);
                AssertUntouched(before, scaled, to, length);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Many_sources_at_once_are_as_one_by_one(string name)
    {
        var kernel = Gf256Kernel.All.Single(kernel => kernel.Name == name);
        var random = new SimRandom(2);
        for (var round = 0; round < 4_000; round++)
        {
            var room = random.Below(random.Chance(0.5) ? 200 : 1_300);
            var count = random.Below(Gf256Kernel.MaxSources + 1);
            var sources = new byte[count][];
            var lengths = new int[count];
            var factors = new byte[count];
            random.Fill(factors);
            for (var i = 0; i < count; i++)
            {
                lengths[i] = random.Chance(0.3) ? room : random.Below(room + 1);
                sources[i] = new byte[lengths[i] + (random.Chance(0.5) ? 0 : random.Below(100))];
                random.Fill(sources[i]);
            }

            var offset = random.Below(65);
            var before = new byte[room + 130];
            random.Fill(before);
            byte[] expected = [.. before];
            for (var i = 0; i < count; i++)
                Gf256Kernel.Portable.MultiplyAdd(expected.AsSpan(offset, lengths[i]), sources[i].AsSpan(0, lengths[i]), factors[i]);
            byte[] actual = [.. before];
            kernel.MultiplyAddMany(actual.AsSpan(offset, room), sources, lengths, factors);
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"{name}, round {round}.");
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var region = new byte[100];
        Assert.Throws<ArgumentOutOfRangeException>(() => Gf256.MultiplyAdd(region.AsSpan(0, 10), region.AsSpan(50, 11), 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gf256Kernel.Best.MultiplyAddMany(region, [new byte[101]], [101], [3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Gf256Kernel.Best.MultiplyAddMany(region, [new byte[10]], [11], [3]));
    }

    private static void AssertUntouched(byte[] before, byte[] after, int at, int length)
    {
        Assert.True(before.AsSpan(0, at).SequenceEqual(after.AsSpan(0, at)));
        Assert.True(before.AsSpan(at + length).SequenceEqual(after.AsSpan(at + length)));
    }
}
