using System.Security.Cryptography;
using WeCan.Contracts.Access;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;

namespace WeCan.Contracts.Tests.Access;

/// <summary>What records of the access to the bus say: docs/control.md, "Access to the bus".</summary>
public sealed class AccessBodyTests
{
    private static readonly UnixTime Now = new(1_800_000_000);

    private readonly ECPoint _point = PointOf(ECCurve.NamedCurves.nistP256);

    [Fact]
    public void A_key_goes_there_and_back()
    {
        var spaces = Enumerable.Range(0, AccessLimits.MaxSpaces).Select(number => $"{number:d2}{new string('s', AccessLimits.MaxSpaceBytes - 2)}").ToList();
        foreach (var key in (TokenKey[])[new("2026-11", _point, []), new(new string('k', AccessLimits.MaxNameBytes), _point, spaces)])
        {
            var record = key.ToRecord();
            Assert.InRange(record.Body.Length, 1, ControlLimits.MaxAccessBody);
            Assert.True(TokenKey.TryRead(record, out var read));
            Assert.Equal(key, read);
            Assert.Equal(record, read.ToRecord());
            for (var length = 0; length < record.Body.Length; length++)
                Assert.False(TokenKey.TryRead(record with { Body = record.Body[..length] }, out _));
            Assert.False(TokenKey.TryRead(record with { Body = [.. record.Body, 0xc0] }, out _));
            Assert.False(TokenKey.TryRead(record with { Kind = AccessKind.Revocation }, out _));
            Assert.True(TokenKeyFile.TryRead($"{{\"keys\":[{TokenKeyFile.Write(key)}]}}", out var keys, out var problem), problem);
            Assert.Equal([key], keys);
        }
    }

    [Fact]
    public void What_is_no_point_of_the_curve_is_no_key()
    {
        var key = new TokenKey("k", _point with { Y = _point.X }, []);
        Assert.False(TokenKey.TryRead(key.ToRecord(), out _));
    }

    [Theory]
    [InlineData(true, "ann", null, 60, 60 + 30 * 86_400)]
    [InlineData(true, "a/n n", 3_600L, 3_660, 3_660 + 30 * 86_400)]
    [InlineData(false, "t1", 3_600L, null, 3_600)]
    [InlineData(false, "t1", null, null, 60 + 30 * 86_400)]
    public void A_revocation_counts_for_what_was_issued_until_a_time_and_until_that_has_ended(bool isClient, string name, long? until, int? issued, int ends)
    {
        var made = Revocation.Of(Now, "shop", isClient, name, until is { } after ? Now + Duration.FromSeconds(after) : null);
        Assert.Equal((issued is { } late ? Now + Duration.FromSeconds(late) : UnixTime.MaxValue, Now + Duration.FromSeconds(ends)), (made.IssuedUntil, made.Until));
        var record = made.ToRecord();
        Assert.True(Revocation.TryRead(record, out var read));
        Assert.Equal(made, read);
        for (var length = 0; length < record.Body.Length; length++)
            Assert.False(Revocation.TryRead(record with { Body = record.Body[..length] }, out _));
    }

    [Theory]
    [InlineData("shop/sub")]
    [InlineData("shop/sub/")]
    [InlineData("shop/aud/ann")]
    [InlineData("Shop/sub/ann")]
    [InlineData("/sub/ann")]
    public void A_name_that_says_not_of_whom_is_no_revocation(string name) =>
        Assert.False(Revocation.TryRead(Revocation.Of(Now, "shop", isClient: true, "ann", null).ToRecord() with { Name = name }, out _));

    [Fact]
    public void A_space_goes_there_and_back_and_is_in_its_regions_alone()
    {
        var pinned = new Space("shop", [.. Enumerable.Range(0, AccessLimits.MaxRegions).Select(number => $"{number:d2}{new string('r', ControlLimits.MaxPlace - 2)}")]);
        foreach (var space in (Space[])[pinned, new("chat", [])])
        {
            var record = space.ToRecord();
            Assert.InRange(record.Body.Length, 1, ControlLimits.MaxAccessBody);
            Assert.True(Space.TryRead(record, out var read));
            Assert.Equal(space, read);
            for (var length = 0; length < record.Body.Length; length++)
                Assert.False(Space.TryRead(record with { Body = record.Body[..length] }, out _));
            Assert.False(Space.TryRead(record with { Name = "Shop" }, out _));
        }

        Assert.True(pinned.IsIn(pinned.Regions[3]));
        Assert.False(pinned.IsIn("eu"));
        Assert.False(pinned.IsIn(""));
        Assert.True(new Space("chat", []).IsIn(""));
    }

    [Theory]
    [InlineData("shop", true)]
    [InlineData("a", true)]
    [InlineData("0-_z", true)]
    [InlineData("", false)]
    [InlineData("Shop", false)]
    [InlineData("a.b", false)]
    [InlineData("ä", false)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", false)]
    public void Spaces_have_plain_names(string name, bool isOne) => Assert.Equal(isOne, SpaceNames.IsOne(name));

    private static ECPoint PointOf(ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return key.ExportParameters(includePrivateParameters: false).Q;
    }
}
