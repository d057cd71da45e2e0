using System.Security.Cryptography;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Controller.Core;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Core;

/// <summary>Keys and revocations are bounded, and a second word never lets in whom the first one shut out.</summary>
public sealed class AccessDeskTests
{
    private static readonly ECPoint Point = PointOfNew();

    private readonly AccessDesk _desk;

    public AccessDeskTests()
    {
        var (log, state) = (new StepLog(), new ControllerState { Network = Samples.Network });
        _desk = new(new(state, log), new(state, log));
    }

    [Fact]
    public void A_network_has_so_many_keys_and_the_one_too_many_brings_none_of_its_set()
    {
        for (var first = 0; first < AccessLimits.MaxKeys; first += 64)
            Assert.Null(_desk.AddKeys(Samples.Start, "ann", [.. Enumerable.Range(first, 64).Select(number => new TokenKey($"k{number}", Point, []))]).Refusal);
        var version = _desk.Book.Version;
        Assert.Contains("more than the 1024 keys", _desk.AddKeys(Samples.Start, "ann", [new("k1", Point, ["shop"]), new("new", Point, [])]).Refusal, StringComparison.Ordinal);
        Assert.Equal(version, _desk.Book.Version);
        Assert.Null(_desk.AddKeys(Samples.Start, "ann", [new("k1", Point, ["shop"])]).Refusal);
        _desk.RemoveKey(Samples.Start, "ann", "k2");
        Assert.Null(_desk.AddKeys(Samples.Start, "ann", [new("new", Point, [])]).Refusal);
    }

    [Fact]
    public void Revocations_are_bounded_until_some_have_ended()
    {
        for (var number = 0; number < AccessLimits.MaxRevocations; number++)
            Assert.Null(_desk.Revoke(Samples.Start, "ann", Revocation.Of(Samples.Start, "shop", isClient: true, $"c{number}", null)).Refusal);
        var one = Revocation.Of(Samples.Start, "shop", isClient: true, "one", null);
        Assert.Contains("There are 10000 revocations", _desk.Revoke(Samples.Start, "ann", one).Refusal, StringComparison.Ordinal);
        Assert.Null(_desk.Revoke(Samples.Start, "ann", Revocation.Of(Samples.Start + Duration.FromSeconds(5), "shop", isClient: true, "c7", null)).Refusal);
        _desk.Book.Sweep(one.Until);
        Assert.Null(_desk.Revoke(Samples.Start, "ann", one).Refusal);
    }

    [Fact]
    public void What_shuts_out_for_longer_stays()
    {
        var longer = Revocation.Of(Samples.Start, "shop", isClient: true, "ann", Samples.Start + Duration.FromSeconds(86_400));
        Assert.Single(_desk.Revoke(Samples.Start, "op", longer).Done);
        Assert.Empty(_desk.Revoke(Samples.Start, "op", Revocation.Of(Samples.Start, "shop", isClient: true, "ann", null)).Done);
        Assert.Equal(longer.ToRecord(), Assert.Single(_desk.Book.Rows).Record);
        Assert.Single(_desk.Revoke(Samples.Start, "op", Revocation.Of(Samples.Start, "shop", isClient: true, "ann", Samples.Start + Duration.FromSeconds(2 * 86_400))).Done);
    }

    private static ECPoint PointOfNew()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportParameters(includePrivateParameters: false).Q;
    }
}
