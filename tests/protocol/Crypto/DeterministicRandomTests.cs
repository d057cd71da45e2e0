using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Tests.Crypto;

public sealed class DeterministicRandomTests
{
    [Fact]
    public void Its_block_function_is_the_one_of_rfc_8439()
    {
        // Section 2.3.2.
        var block = new byte[ChaCha20Block.Bytes];
        ChaCha20Block.Write(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), 1, Convert.FromHexString("000000090000004a00000000"), block);
        Assert.Equal(
            "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e",
            Convert.ToHexStringLower(block));
    }

    [Fact]
    public void Its_stream_follows_from_the_seed_by_fast_key_erasure()
    {
        // Straight from the definition: eight blocks of the key, of which the first 32 bytes are the next key.
        var key = new byte[32];
        key[0] = 77;
        var expected = new List<byte>();
        for (var refill = 0; refill < 3; refill++)
        {
            var blocks = new byte[8 * 64];
            for (var i = 0; i < 8; i++)
                ChaCha20Block.Write(key, (uint)i, new byte[12], blocks.AsSpan(64 * i));
            key = blocks[..32];
            expected.AddRange(blocks[32..]);
        }

        var sut = DeterministicRandom.FromNumber(77);
        var actual = new byte[expected.Count];
        sut.Fill(actual.AsSpan(0, 5));
        sut.Fill(actual.AsSpan(5, 1_000));
        sut.Fill(actual.AsSpan(1_005));
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void The_same_seed_gives_the_same_values_and_another_seed_others()
    {
        static ulong[] Draw(ulong seed)
        {
            var random = DeterministicRandom.FromNumber(seed);
            return [.. Enumerable.Range(0, 1_000).Select(i => (i % 3) switch { 0 => random.NextUInt64(), 1 => random.NextUInt32(), _ => (ulong)random.Next(1_000_000) })];
        }

        Assert.Equal(Draw(4), Draw(4));
        Assert.DoesNotContain(Draw(4).Zip(Draw(5)), pair => pair.First == pair.Second && pair.First > uint.MaxValue);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    [InlineData(int.MaxValue)]
    public void Bounded_numbers_are_in_range_and_even(int bound)
    {
        var random = DeterministicRandom.FromNumber(6);
        const int count = 40_000;
        var thirds = new int[3];
        for (var i = 0; i < count; i++)
        {
            var value = random.Next(bound);
            Assert.InRange(value, 0, bound - 1);
            thirds[(int)(3L * value / bound)]++;
        }

        if (bound >= 1_000)
            Assert.All(thirds, third => Assert.InRange(third, (count / 3) - 600, (count / 3) + 600));
    }

    [Fact]
    public void Doubles_are_below_one_and_average_a_half()
    {
        var random = DeterministicRandom.FromNumber(8);
        var values = Enumerable.Range(0, 50_000).Select(_ => random.NextDouble()).ToArray();
        Assert.All(values, value => Assert.InRange(value, 0, 0.9999999999999999));
        Assert.InRange(values.Average(), 0.49, 0.51);
    }

    [Fact]
    public void Refuses_bad_arguments()
    {
        Assert.Throws<ArgumentException>(() => new DeterministicRandom(new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>(() => DeterministicRandom.FromNumber(0).Next(0));
    }
}
