using System.Security.Cryptography;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Tests.Crypto;

public sealed class SymmetricStateTests
{
    [Fact]
    public void Starts_from_the_name_or_its_hash_and_mixes_as_noise_says()
    {
        using var shortName = new SymmetricState("short"u8, CipherSuite.Aes128Gcm);
        Assert.Equal([.. "short"u8, .. new byte[27]], shortName.Hash.ToArray());
        var name = new byte[33];
        using var sut = new SymmetricState(name, CipherSuite.Aes128Gcm);
        Assert.Equal(SHA256.HashData(name), sut.Hash.ToArray());

        sut.MixHash("data"u8);
        Assert.Equal(SHA256.HashData([.. SHA256.HashData(name), .. "data"u8]), sut.Hash.ToArray());

        // HKDF of the Noise framework, section 4.3, written out in HMACs.
        var temporary = HMACSHA256.HashData(SHA256.HashData(name), "secret"u8);
        var first = HMACSHA256.HashData(temporary, new byte[] { 1 });
        var second = HMACSHA256.HashData(temporary, (byte[])[.. first, 2]);
        sut.MixKey("secret"u8);
        Assert.Equal(first, sut.ChainingKey.ToArray());

        using var aes = new AesGcm(second.AsSpan(0, 16), 16);
        byte[] expected = new byte[5], tag = new byte[16], actual = new byte[21];
        aes.Encrypt(new byte[12], "hello"u8, expected, tag, sut.Hash);
        sut.SealAndHash("hello"u8, actual);
        Assert.Equal([.. expected, .. tag], actual);
    }

    [Theory]
    [InlineData(CipherSuite.Aes128Gcm)]
    [InlineData(CipherSuite.ChaCha20Poly1305)]
    public void Two_parts_sealed_under_one_key_open_in_their_order_only(CipherSuite suite)
    {
        using var writer = new SymmetricState("name"u8, suite);
        using var reader = new SymmetricState("name"u8, suite);
        writer.MixKey("secret"u8);
        reader.MixKey("secret"u8);
        byte[] first = new byte[19], second = new byte[19], opened = new byte[3];
        writer.SealAndHash("one"u8, first);
        writer.SealAndHash("two"u8, second);
        Assert.True(reader.TryOpenAndHash(first, opened));
        Assert.False(reader.TryOpenAndHash(first, opened));
        using var again = new SymmetricState("name"u8, suite);
        again.MixKey("secret"u8);
        Assert.True(again.TryOpenAndHash(first, opened));
        Assert.True(again.TryOpenAndHash(second, opened));
        Assert.Equal("two"u8.ToArray(), opened);
        Assert.Equal(writer.Hash.ToArray(), again.Hash.ToArray());
    }
}
