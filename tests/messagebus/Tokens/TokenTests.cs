using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.MessageBus.Tests.Tokens;

public sealed class TokenTests : IDisposable
{
    /// <summary>Made with the openssl command and Python's json, as a user's service might.</summary>
    private const string ForeignKeys =
        """{"keys": [{"kty": "EC", "crv": "P-256", "use": "sig", "kid": "shop-1", "x": "BX3_gk370kvG1vg8OJU8eTxB3fCo473gwndcxUzGaP4", "y": "Y1WCkBaDFLg86IzCrMtJuyLkirGyZ3z6MAp_tUNaGJw"}]}""";

    private const string ForeignToken =
        "eyJ0eXAiOiAiSldUIiwgImtpZCI6ICJzaG9wLTEiLCAiYWxnIjogIkVTMjU2In0.eyJpc3MiOiAiaHR0cHM6Ly9zaG9wLmV4YW1wbGUiLCAic3ViIjogImFubiIsICJpYXQiOiAxNzk5OTk5MDAwLCAiZXhwIjogMTgwMDAwMzYwMCwgIndlY2FuIjogeyJzcGFjZSI6ICJzaG9wIiwgInN1YiI6IFsic2hvcC5vcmRlcnMuKiJdLCAicHViIjogWyJzaG9wLm9yZGVycy5uZXciXX19.xvL-P1afkTJcCVlRHZYIGt07ZKpE6IWV3uxAPat_cjlykf8UGqJYnZaIhzvY5LCbBYOcYsHY0Cku1-7uh6urag";

    private static readonly UnixTime Now = new(1_800_000_000);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public void A_token_says_who_may_what()
    {
        var made = Draft() with { Id = "t1", NotBefore = Now, Publish = Patterns("shop.orders.>"), Subscribe = Patterns("shop.*.new", "shop.$inbox.a.>") };

        Assert.Equal(TokenFault.None, Verify(Sign(made), out var read));
        Assert.Equal(("shop", "ann", "t1"), (read!.Space, read.Name, read.Id));
        Assert.Equal(made.Client, read.Client);
        Assert.NotEqual(made.Client, (made with { Space = "shop2" }).Client);
        Assert.True(read.Publish.Allows("shop.orders.7"u8));
        Assert.False(read.Publish.Allows("shop.prices.7"u8));
        Assert.True(read.Subscribe.AllowsAll("shop.orders.new"u8));
        Assert.True(read.Subscribe.AllowsAll("shop.*.new"u8));
        Assert.False(read.Subscribe.AllowsAll("shop.*.*"u8));
        Assert.False(read.Subscribe.AllowsAll("shop.>"u8));
    }

    [Fact]
    public void A_token_of_another_maker_is_read()
    {
        Assert.True(TokenKeyFile.TryRead(ForeignKeys, out var keys, out _));
        using var verifier = new TokenVerifier(keys);

        Assert.Equal(TokenFault.None, verifier.Verify(Encoding.ASCII.GetBytes(ForeignToken), Now, out var token));
        Assert.Equal((new UnixTime(1_800_003_600), new UnixTime(1_799_999_000), "shop-1"), (token!.Expires, token.Issued, token.Key?.Id));
        Assert.True(token.Publish.Allows("shop.orders.new"u8));
        Assert.False(token.Subscribe.AllowsAll("shop.>"u8));
    }

    [Fact]
    public void No_single_byte_can_be_another()
    {
        var token = Sign(Draft() with { Publish = Patterns("shop.>") });
        for (var index = 0; index < token.Length; index++)
        {
            var changed = token.ToArray();
            changed[index] = changed[index] == (byte)'A' ? (byte)'B' : (byte)'A';
            var fault = Verify(changed, out var read);
            Assert.NotEqual(TokenFault.None, fault);
            Assert.Null(read);
        }
    }

    [Theory]
    [InlineData("""{"alg":"none","kid":"k"}""", nameof(TokenFault.WrongAlgorithm))]
    [InlineData("""{"alg":"HS256","kid":"k"}""", nameof(TokenFault.WrongAlgorithm))]
    [InlineData("""{"alg":"ES256"}""", nameof(TokenFault.UnknownKey))]
    [InlineData("""{"alg":"ES256","kid":"other"}""", nameof(TokenFault.UnknownKey))]
    [InlineData("""{"alg":"ES256","kid":"k","crit":"exp"}""", nameof(TokenFault.Malformed))]
    [InlineData("""{"alg":"ES256","kid":"k"} x""", nameof(TokenFault.Malformed))]
    [InlineData("""{"alg":"ES256","kid":"\u006b"}""", nameof(TokenFault.Malformed))]
    [InlineData("""["ES256"]""", nameof(TokenFault.Malformed))]
    [InlineData("""{"alg":"ES256","kid":"k","typ":"JWT"}""", nameof(TokenFault.None))]
    [InlineData("""{ "typ" : "JWT" , "alg" : "ES256" , "kid" : "k" } """, nameof(TokenFault.None))]
    public void A_header_asks_for_what_is_done_here(string header, string fault) =>
        Assert.Equal(fault, Verify(Sign(header, Encoding.UTF8.GetString(TokenClaims.Write(Draft()))), out _).ToString());

    [Theory]
    [InlineData("""{"sub":"ann","exp":1800003600,"wecan":{"space":"shop"}}""", nameof(TokenFault.None))]
    [InlineData("""{"sub":"ann","exp":1800000001,"wecan":{"space":"shop"}}""", nameof(TokenFault.None))]
    [InlineData("""{"sub":"ann","exp":1800000000,"wecan":{"space":"shop"}}""", nameof(TokenFault.Expired))]
    [InlineData("""{"sub":"ann","exp":1800003600,"nbf":1800000060,"wecan":{"space":"shop"}}""", nameof(TokenFault.None))]
    [InlineData("""{"sub":"ann","exp":1800003600,"nbf":1800000061,"wecan":{"space":"shop"}}""", nameof(TokenFault.NotYetValid))]
    [InlineData("""{"sub":"ann","wecan":{"space":"shop"}}""", nameof(TokenFault.BadClaims))]
    [InlineData("""{"sub":"ann","exp":"1800003600","wecan":{"space":"shop"}}""", nameof(TokenFault.BadClaims))]
    [InlineData("""{"sub":"ann","exp":1e300,"wecan":{"space":"shop"}}""", nameof(TokenFault.BadClaims))]
    [InlineData("""{"sub":"","exp":1800003600,"wecan":{"space":"shop"}}""", nameof(TokenFault.BadClaims))]
    [InlineData("""{"sub":"ann","exp":1800003600,"wecan":{"space":"Shop"}}""", nameof(TokenFault.BadClaims))]
    [InlineData("""{"sub":"ann","exp":1800003600,"wecan":{"space":"shop","pub":["shop."]}}""", nameof(TokenFault.BadClaims))]
    [InlineData("""{"sub":"ann","exp":1800003600,"wecan":{"space":"shop","pub":"shop.>"}}""", nameof(TokenFault.BadClaims))]
    [InlineData("""{"sub":"ann","exp":1800003600,"wecan":{"space":"shop","pub":["bank.>"]}}""", nameof(TokenFault.OtherSpace))]
    [InlineData("""{"sub":"ann","exp":1,"exp":1800003600,"wecan":{"space":"shop"}}""", nameof(TokenFault.BadClaims))]
    [InlineData("""{"sub":"ann","exp":1802592000,"wecan":{"space":"shop"}}""", nameof(TokenFault.None))]
    [InlineData("""{"sub":"ann","exp":1802592001,"wecan":{"space":"shop"}}""", nameof(TokenFault.TooLong))]
    [InlineData("""{"sub":"ann","exp":1802591900,"iat":1799999900,"wecan":{"space":"shop"}}""", nameof(TokenFault.None))]
    [InlineData("""{"sub":"ann","exp":1802591901,"iat":1799999900,"wecan":{"space":"shop"}}""", nameof(TokenFault.TooLong))]
    [InlineData("""{"sub":"ann","exp":1802592060,"iat":1800000060,"wecan":{"space":"shop"}}""", nameof(TokenFault.None))]
    [InlineData("""{"sub":"ann","exp":1800003600,"iat":1800000061,"wecan":{"space":"shop"}}""", nameof(TokenFault.NotYetValid))]
    [InlineData("""{"sub":"ann","exp":1800003600,"iat":"1800000000","wecan":{"space":"shop"}}""", nameof(TokenFault.BadClaims))]
    [InlineData("""{"sub":"\ud800","exp":1800003600,"wecan":{"space":"shop"}}""", nameof(TokenFault.BadClaims))]
    [InlineData("""{"sub":"ann","exp":1800003600,"wecan":{"space":"shop","pub":["shop.\udc00"]}}""", nameof(TokenFault.BadClaims))]
    [InlineData("""[1]""", nameof(TokenFault.BadClaims))]
    [InlineData("""{""", nameof(TokenFault.BadClaims))]
    public void Claims_are_held_to_what_they_must_be(string claims, string fault) =>
        Assert.Equal(fault, Verify(Sign("""{"alg":"ES256","kid":"k"}""", claims), out _).ToString());

    [Fact]
    public void A_key_of_some_spaces_signs_for_no_other()
    {
        using var verifier = new TokenVerifier([new("k", _key.ExportParameters(false).Q, ["bank"])]);
        Assert.Equal(TokenFault.OtherSpace, verifier.Verify(Sign(Draft()), Now, out _));
        Assert.Equal(TokenFault.None, verifier.Verify(Sign(Draft() with { Space = "bank" }), Now, out _));
    }

    [Fact]
    public void A_signature_of_another_key_is_none()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(TokenFault.BadSignature, Verify(Encoding.ASCII.GetBytes(TokenMaker.Make(Draft(), "k", other)), out _));
    }

    [Fact]
    public void Any_bytes_get_an_answer()
    {
        var random = new Random(7);
        var good = Sign(Draft());
        for (var run = 0; run < 20_000; run++)
        {
            var bytes = good.AsSpan(0, random.Next(good.Length + 1)).ToArray();
            for (var change = random.Next(4); change >= 0 && bytes.Length > 0; change--)
                bytes[random.Next(bytes.Length)] = run % 2 == 0 ? (byte)random.Next(256) : "AQ-_.=eyJ"u8[random.Next(9)];
            if (!bytes.AsSpan().SequenceEqual(good))
                Assert.NotEqual(TokenFault.None, Verify(bytes, out _));
        }

        Assert.Equal(TokenFault.Malformed, Verify(new byte[4_096], out _));
        Assert.Equal(TokenFault.Malformed, Verify([], out _));
    }

    public void Dispose() => _key.Dispose();

    private static ClientToken Draft() => new() { Space = "shop", Name = "ann", Expires = Now + Duration.FromSeconds(60) };

    private static PermissionList Patterns(params string[] patterns) => new([.. patterns.Select(Encoding.UTF8.GetBytes)]);

    private byte[] Sign(ClientToken token) => Encoding.ASCII.GetBytes(TokenMaker.Make(token, "k", _key));

    private byte[] Sign(string header, string claims)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return Encoding.ASCII.GetBytes($"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}");
    }

    private TokenFault Verify(byte[] token, out ClientToken? read)
    {
        using var verifier = new TokenVerifier([new("k", _key.ExportParameters(false).Q, [])]);
        return verifier.Verify(token, Now, out read);
    }
}
