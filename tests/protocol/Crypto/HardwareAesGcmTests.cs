using System.Runtime.Intrinsics;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Tests.Crypto;

/// <summary>
/// AES-GCM on the processor's instructions against others' on chance: beside the vectors and what every provider must do
/// (<see cref="AeadKeyTests"/>). docs/decisions/0034.
/// </summary>
public sealed class HardwareAesGcmTests
{
    public HardwareAesGcmTests() => Assert.SkipUnless(AeadProvider.Hardware is not null, "This processor has no instructions for AES-GCM.");

    /// <summary>Any key, nonce, length and place in memory; apart and in place; and of what was damaged anywhere, both refuse the same.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Does_what_the_other_provider_does(ulong seed)
    {
        var random = DeterministicRandom.FromNumber(seed);
        byte[] memory = new byte[4_096], theirs = new byte[4_096], plaintext = new byte[2_048], associated = new byte[64];
        for (var round = 0; round < 5_000; round++)
        {
            byte[] key = new byte[16], iv = new byte[AeadKey.IvBytes];
            random.Fill(key);
            random.Fill(iv);
            using var ours = AeadKey.Create(CipherSuite.Aes128Gcm, AeadProvider.Hardware, key, iv);
            using var other = AeadKey.Create(CipherSuite.Aes128Gcm, AeadProvider.OpenSsl ?? AeadProvider.DotNet, key, iv);
            var number = random.NextUInt64();
            var text = plaintext.AsSpan(0, random.Next(random.Next(2) == 0 ? 200 : 1_500));
            var head = associated.AsSpan(0, random.Next(associated.Length));
            random.Fill(text);
            random.Fill(head);
            var expected = theirs.AsSpan(0, text.Length + AeadKey.TagBytes);
            other.Seal(number, head, text, expected);

            var place = memory.AsSpan(random.Next(64));
            random.Fill(memory);
            if (random.Next(2) == 0)
            {
                text.CopyTo(place);
                ours.Seal(number, head, place[..text.Length], place);
            }
            else
            {
                ours.Seal(number, head, text, place);
            }

            Assert.True(expected.SequenceEqual(place[..expected.Length]), $"seed {seed}, round {round}");
            CheckOpening(ours, other, number, head, text, place[..expected.Length], random);
        }
    }

    /// <summary>What takes four blocks to a register gives what takes them one by one; on a machine without, they are the same code.</summary>
    [Fact]
    public void A_chunk_is_eight_blocks()
    {
        var random = DeterministicRandom.FromNumber(5);
        byte[] powers = new byte[Ghash.PowerBytes], blocks = new byte[128], key = new byte[16], hash = new byte[16];
        for (var round = 0; round < 1_000; round++)
        {
            random.Fill(key);
            random.Fill(blocks);
            random.Fill(hash);
            Ghash.Expand(Vector128.Create(key), ref powers[0]);
            var before = Vector128.Create(hash).AsUInt64();
            Assert.Equal(Ghash.Absorb(before, ref blocks[0], 8, ref powers[0]), Ghash.AbsorbChunk(before, ref blocks[0], ref powers[0]));
        }
    }

    /// <summary>FIPS 197, appendix A.1.</summary>
    [Fact]
    public void Keys_expand_as_the_standard_shows()
    {
        var schedule = new byte[HardwareAesGcm.ScheduleBytes];
        HardwareAesGcm.Expand(Convert.FromHexString("2b7e151628aed2a6abf7158809cf4f3c"), schedule);
        Assert.Equal("a0fafe1788542cb123a339392a6c7605", Convert.ToHexStringLower(schedule, 16, 16));
        Assert.Equal("d014f9a8c9ee2589e13f0cc8b6630ca6", Convert.ToHexStringLower(schedule, 160, 16));
    }

    private static void CheckOpening(
        AeadKey ours, AeadKey other, ulong number, ReadOnlySpan<byte> head, ReadOnlySpan<byte> text, Span<byte> sealedBytes, DeterministicRandom random)
    {
        var isDamaged = random.Next(2) == 0;
        if (isDamaged)
            sealedBytes[random.Next(sealedBytes.Length)] ^= (byte)(1 << random.Next(8));
        byte[] apart = new byte[text.Length], theirs = new byte[text.Length];
        Assert.Equal(!isDamaged, other.TryOpen(number, head, sealedBytes, theirs));
        Assert.Equal(!isDamaged, ours.TryOpen(number, head, sealedBytes, apart));
        Assert.Equal(theirs, apart);
        Assert.Equal(!isDamaged, ours.TryOpen(number, head, sealedBytes, sealedBytes));
        Assert.Equal(theirs, sealedBytes[..text.Length].ToArray());
    }
}
