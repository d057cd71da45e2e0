using System.Security.Cryptography;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Tests.Crypto;

public sealed class P256KeyPairTests
{
    private const string Order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

    public static TheoryData<bool> Implementations() => P256Arithmetic.OpenSsl is null ? [false] : [true, false];

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Agrees_as_rfc_5903_says(bool native)
    {
        // Section 8.1.
        using var initiator = FromHex("C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433", native);
        using var responder = FromHex("C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53", native);
        Assert.Equal(
            "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C37725811805271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3",
            Convert.ToHexString(initiator.PublicKey.ToArray()));
        Assert.Equal(
            "D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF6356FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB",
            Convert.ToHexString(responder.PublicKey.ToArray()));
        foreach (var (own, peer) in (ReadOnlySpan<(P256KeyPair, P256KeyPair)>)[(initiator, responder), (responder, initiator)])
        {
            var secret = new byte[32];
            Assert.True(own.TryAgree(peer.PublicKey, secret));
            Assert.Equal("D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE", Convert.ToHexString(secret));
        }
    }

    [Fact]
    public void Both_implementations_agree_on_random_keys()
    {
        Assert.SkipWhen(P256Arithmetic.OpenSsl is null, "There is no libcrypto on this machine.");
        var random = DeterministicRandom.FromNumber(1);
        Span<byte> left = stackalloc byte[32], right = stackalloc byte[32];
        for (var i = 0; i < 50; i++)
        {
            using var own = P256KeyPair.Generate(random);
            using var peer = P256KeyPair.Generate(random);
            var scalar = new byte[32];
            own.ExportScalar(scalar);
            Assert.Equal(own.PublicKey, P256Arithmetic.DotNet.PublicKeyOf(scalar));
            Assert.True(P256Arithmetic.OpenSsl.TryAgree(scalar, own.PublicKey, peer.PublicKey, left));
            Assert.True(P256Arithmetic.DotNet.TryAgree(scalar, own.PublicKey, peer.PublicKey, right));
            Assert.True(left.SequenceEqual(right));
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void The_smallest_and_the_largest_scalar_work(bool native)
    {
        using var one = FromHex(new string('0', 63) + "1", native);
        using var last = FromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", native);
        Assert.Equal(one.PublicKey.ToArray()[..32], last.PublicKey.ToArray()[..32]);
        Assert.NotEqual(one.PublicKey, last.PublicKey);
        Span<byte> secret = stackalloc byte[32];
        Assert.True(one.TryAgree(last.PublicKey, secret));
        Assert.True(secret.SequenceEqual(last.PublicKey.ToArray()[..32]));
    }

    [Fact]
    public void Scalars_out_of_range_are_no_keys()
    {
        foreach (var hex in (string[])[new('0', 64), Order, new('f', 64), "01", ""])
            Assert.False(P256KeyPair.TryFromScalar(Convert.FromHexString(hex), out _));
    }

    [Fact]
    public void Points_off_the_curve_are_refused_without_an_exception()
    {
        using var pair = P256KeyPair.Generate(DeterministicRandom.FromNumber(2));
        var good = pair.PublicKey.ToArray();
        Assert.True(P256PublicKey.TryRead(good, out var same));
        Assert.Equal(pair.PublicKey, same);
        for (var bit = 0; bit < 8 * good.Length; bit++)
        {
            var bad = good.ToArray();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(P256PublicKey.TryRead(bad, out var none));
            Assert.True(none.IsNone);
        }

        Assert.False(P256PublicKey.TryRead(new byte[64], out _));
        Assert.False(P256PublicKey.TryRead(Enumerable.Repeat((byte)255, 64).ToArray(), out _));
        Assert.False(P256PublicKey.TryRead(good.AsSpan(0, 63), out _));
        Assert.False(P256PublicKey.TryRead([.. good, 0], out _));
    }

    [Fact]
    public void Coordinates_that_are_not_reduced_are_refused()
    {
        // x = 5 lies on the curve, and x = 5 + p says the same modulo p but is not how a point is written.
        var prime = System.Numerics.BigInteger.Parse("0ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", System.Globalization.NumberStyles.HexNumber);
        var b = System.Numerics.BigInteger.Parse("05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", System.Globalization.NumberStyles.HexNumber);
        System.Numerics.BigInteger x = 0, y;
        do
        {
            x++;
            y = System.Numerics.BigInteger.ModPow((x * x * x) - (3 * x) + b, (prime + 1) / 4, prime);
        }
        while (((y * y) - ((x * x * x) - (3 * x) + b)) % prime != 0);

        var bytes = new byte[64];
        Write(x, bytes.AsSpan(0, 32));
        Write(y, bytes.AsSpan(32));
        Assert.True(P256PublicKey.TryRead(bytes, out _));
        Write(x + prime, bytes.AsSpan(0, 32));
        Assert.False(P256PublicKey.TryRead(bytes, out _));

        static void Write(System.Numerics.BigInteger value, Span<byte> destination)
        {
            destination.Clear();
            var length = value.GetByteCount(isUnsigned: true);
            value.TryWriteBytes(destination[(32 - length)..], out _, isUnsigned: true, isBigEndian: true);
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void No_key_agrees_with_the_default_key(bool native)
    {
        using var pair = FromHex(new string('1', 64), native);
        Assert.False(pair.TryAgree(default, new byte[32]));
    }

    [Fact]
    public void The_same_generator_state_gives_the_same_key()
    {
        using var left = P256KeyPair.Generate(DeterministicRandom.FromNumber(9));
        using var right = P256KeyPair.Generate(DeterministicRandom.FromNumber(9));
        Assert.Equal(left.PublicKey, right.PublicKey);
        Assert.Equal(left.PublicKey.GetHashCode(), right.PublicKey.GetHashCode());
    }

    [Fact]
    public void Goes_through_pkcs8_and_raw_bytes()
    {
        using var pair = P256KeyPair.Generate(DeterministicRandom.FromNumber(3));
        Assert.True(P256KeyPair.TryFromPkcs8(pair.ExportPkcs8(), out var fromPkcs8));
        Assert.Equal(pair.PublicKey, fromPkcs8.PublicKey);
        var scalar = new byte[P256KeyPair.ScalarBytes];
        fromPkcs8.ExportScalar(scalar);
        Assert.True(P256KeyPair.TryFromScalar(scalar, out var fromScalar));
        Assert.Equal(pair.PublicKey, fromScalar.PublicKey);

        using var identity = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(P256KeyPair.TryFromPkcs8(identity.ExportPkcs8PrivateKey(), out var node));
        Assert.Equal(identity.ExportParameters(false).Q.X, node.PublicKey.ToArray()[..32]);
        using var other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        Assert.False(P256KeyPair.TryFromPkcs8(other.ExportPkcs8PrivateKey(), out _));
        Assert.False(P256KeyPair.TryFromPkcs8([1, 2, 3], out _));
        Assert.False(P256KeyPair.TryFromPkcs8([.. pair.ExportPkcs8(), 0], out _));
    }

    [Fact]
    public void Text_shows_no_private_bytes_and_disposal_ends_the_key()
    {
        var pair = P256KeyPair.Generate(DeterministicRandom.FromNumber(4));
        Assert.Equal("key:" + Convert.ToHexStringLower(pair.PublicKey.ToArray().AsSpan(0, 8)), pair.ToString());
        pair.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pair.ExportScalar(new byte[32]));
        Assert.Throws<ObjectDisposedException>(() => pair.TryAgree(pair.PublicKey, new byte[32]));
        Assert.Throws<ObjectDisposedException>(pair.ExportPkcs8);
    }

    private static P256KeyPair FromHex(string scalar, bool native)
    {
        Assert.True(P256KeyPair.TryFromScalar(Convert.FromHexString(scalar), native ? P256Arithmetic.OpenSsl! : P256Arithmetic.DotNet, out var pair));
        return pair;
    }
}
