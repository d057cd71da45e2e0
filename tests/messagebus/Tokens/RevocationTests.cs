using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.MessageBus.Tests.Tokens;

/// <summary>Tokens and keys that are taken back (docs/messagebus.md, "Who may come").</summary>
public sealed class RevocationTests : IDisposable
{
    private static readonly UnixTime Now = new(1_800_000_000);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private TokenKey Key => new("k", _key.ExportParameters(includePrivateParameters: false).Q, []);

    [Theory]
    [InlineData(true, "ann", -10, nameof(TokenFault.Revoked))]
    [InlineData(true, "ann", 60, nameof(TokenFault.Revoked))]
    [InlineData(true, "bob", -10, nameof(TokenFault.None))]
    [InlineData(false, "t1", -10, nameof(TokenFault.Revoked))]
    [InlineData(false, "t1", 60, nameof(TokenFault.Revoked))]
    [InlineData(false, "t2", -10, nameof(TokenFault.None))]
    public void What_was_taken_back_is_no_good(bool isClient, string name, int issued, string fault)
    {
        using var verifier = new TokenVerifier([Key], new([Revocation.Of(Now, "shop", isClient, name, null)]));
        Assert.Equal(fault, verifier.Verify(Sign(Now + Duration.FromSeconds(issued)), Now, out _).ToString());
    }

    [Fact]
    public void What_is_issued_a_minute_later_is_good_and_what_does_not_say_when_is_not()
    {
        using var verifier = new TokenVerifier([Key], new([Revocation.Of(Now, "shop", isClient: true, "ann", null)]));
        var later = Now + Duration.FromSeconds(61);
        Assert.Equal(TokenFault.None, verifier.Verify(Sign(later), later, out _));
        Assert.Equal(TokenFault.Revoked, verifier.Verify(Sign(null), later, out _));
    }

    [Fact]
    public void Another_space_has_clients_and_tokens_of_the_same_names()
    {
        using var verifier = new TokenVerifier([Key], new([Revocation.Of(Now, "bank", isClient: true, "ann", null), Revocation.Of(Now, "bank", isClient: false, "t1", null)]));
        Assert.Equal(TokenFault.None, verifier.Verify(Sign(Now), Now, out _));
    }

    [Fact]
    public void Who_is_shut_out_until_a_time_comes_back_with_what_is_issued_then()
    {
        var until = Now + Duration.FromSeconds(3_600);
        using var verifier = new TokenVerifier([Key], new([Revocation.Of(Now, "shop", isClient: true, "ann", until)]));
        Assert.Equal(TokenFault.Revoked, verifier.Verify(Sign(until), until, out _));
        var back = until + Duration.FromSeconds(61);
        Assert.Equal(TokenFault.None, verifier.Verify(Sign(back), back, out _));
    }

    [Theory]
    [InlineData("eu", nameof(TokenFault.None))]
    [InlineData("us", nameof(TokenFault.OtherRegion))]
    [InlineData("", nameof(TokenFault.OtherRegion))]
    public void A_space_that_is_pinned_is_closed_at_edges_of_other_regions_and_of_none(string region, string fault)
    {
        using var verifier = new TokenVerifier([Key], null, new([new("shop", ["eu", "ap"]), new("bank", ["mars"])], region));
        Assert.Equal(fault, verifier.Verify(Sign(Now), Now, out _).ToString());
    }

    /// <summary>The rule that lets revocations be forgotten: no token that one concerns lives longer than it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_revocation_that_is_forgotten_concerned_nothing_that_is_still_let_in(int seed)
    {
        var random = new Random(seed);
        using var open = new TokenVerifier([Key]);
        var life = (int)AccessLimits.MaxTokenLife.Seconds;
        var (met, ended) = (0, 0);
        for (var run = 0; run < 3_000; run++)
        {
            var (revoked, isClient) = (Now, random.Next(2) == 0);
            UnixTime? until = isClient && random.Next(3) == 0 ? Now + Duration.FromSeconds(random.Next(life)) : null;
            var revocation = Revocation.Of(revoked, "shop", isClient, isClient ? "ann" : "t1", until);

            // The latest that there may be, and the longest, are drawn often.
            var signed = random.Next(3) == 0 ? revoked : revoked - Duration.FromSeconds(random.Next(life));
            var issued = signed + Duration.FromSeconds(random.Next(3) == 0 ? 60 : random.Next(-60, 61));
            var end = issued + Duration.FromSeconds(random.Next(3) == 0 ? life : random.Next(life + 100));
            var token = Draft() with { Issued = random.Next(3) == 0 ? null : issued, Expires = end };
            var bytes = Encoding.ASCII.GetBytes(TokenMaker.Make(token, "k", _key));

            // Only what was good when it was revoked is a matter of the revocation.
            if (open.Verify(bytes, revoked, out var read) != TokenFault.None)
                continue;
            met++;
            Assert.True(new RevocationSet([revocation]).Has(read!), $"run {run}");
            Assert.NotEqual(TokenFault.None, open.Verify(bytes, revocation.Until, out _));
            ended++;
        }

        Assert.True(met > 500 && ended == met, $"{met} tokens were met");
    }

    [Fact]
    public void A_key_that_is_taken_away_takes_its_tokens_along_and_another_of_its_name_does_not_bring_them_back()
    {
        using var before = new TokenVerifier([Key]);
        Assert.Equal(TokenFault.None, before.Verify(Sign(Now), Now, out var token));
        Assert.Equal(TokenFault.None, before.Judge(token!));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var (keys, fault) in ((TokenKey[] Keys, TokenFault Fault)[])
                 [
                     ([], TokenFault.UnknownKey),
                     ([new("j", Key.Point, [])], TokenFault.UnknownKey),
                     ([new("k", other.ExportParameters(includePrivateParameters: false).Q, [])], TokenFault.UnknownKey),
                     ([new("k", Key.Point, ["bank"])], TokenFault.OtherSpace),
                     ([new("a", Key.Point, []), new("k", Key.Point, ["bank", "shop"]), new("z", Key.Point, [])], TokenFault.None),
                 ])
        {
            using var after = new TokenVerifier(keys);
            Assert.Equal(fault, after.Judge(token!));
        }
    }

    [Fact]
    public void Each_of_many_keys_is_found_and_of_two_with_one_name_the_first_counts()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = other.ExportParameters(includePrivateParameters: false).Q;
        for (var place = 0; place < 9; place++)
        {
            var keys = Enumerable.Range(0, 9).Select(number => new TokenKey($"k{number}", number == place ? Key.Point : point, [])).Append(new("k0", point, []));
            using var verifier = new TokenVerifier(keys);
            Assert.Equal(TokenFault.None, verifier.Verify(Encoding.ASCII.GetBytes(TokenMaker.Make(Draft(), $"k{place}", _key)), Now, out var read));
            Assert.Equal($"k{place}", read!.Key!.Id);
            Assert.Equal(TokenFault.UnknownKey, verifier.Verify(Encoding.ASCII.GetBytes(TokenMaker.Make(Draft(), "k", _key)), Now, out _));
        }
    }

    public void Dispose() => _key.Dispose();

    private static ClientToken Draft() => new() { Space = "shop", Name = "ann", Id = "t1", Issued = Now, Expires = Now + Duration.FromSeconds(3_600) };

    private byte[] Sign(UnixTime? issued) => Encoding.ASCII.GetBytes(TokenMaker.Make(Draft() with { Issued = issued, Expires = (issued ?? Now) + Duration.FromSeconds(3_600) }, "k", _key));
}
