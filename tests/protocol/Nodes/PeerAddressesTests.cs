using WeCan.Contracts;
using WeCan.Protocol.Nodes;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>In which order a member's addresses are tried. docs/decisions/0031.</summary>
public sealed class PeerAddressesTests
{
    private static readonly NetAddress[] Four = [.. Enumerable.Range(1, 4).Select(NodeMesh.AddressOf)];
    private static readonly NetAddress[] Six = [.. Enumerable.Range(1, 4).Select(NodeMesh.IPv6Of)];

    [Fact]
    public void TheFamiliesTakeTurnsAndEachKeepsItsOrder()
    {
        AssertOrder([Six[0], Four[0], Six[1], Four[1], Six[2]], Six[0], Six[1], Six[2], Four[0], Four[1]);
        AssertOrder([Four[0], Six[0], Four[1], Six[1], Six[2]], Four[0], Four[1], Six[0], Six[1], Six[2]);
        AssertOrder([Four[2], Four[0], Four[1]], Four[2], Four[0], Four[1]);
    }

    [Fact]
    public void WhereTheLastLinkWasComesFirstAndTheOtherFamilyNext()
    {
        var addresses = Make(Four[0], Four[1], Six[0]);
        addresses.Prefer(Four[1]);
        Assert.Equal([Four[1], Six[0], Four[0]], OrderOf(addresses));
        addresses.Prefer(Six[3]);
        Assert.Equal([Six[3], Four[0], Six[0], Four[1]], OrderOf(addresses));

        // Advertised by now, it is no stray.
        Assert.True(addresses.Set([Four[0], Six[3]]));
        addresses.ForgetStray();
        Assert.Equal([Six[3], Four[0]], OrderOf(addresses));
        addresses.Prefer(Six[2]);
        addresses.ForgetStray();
        Assert.Equal([Four[0], Six[3]], OrderOf(addresses));
    }

    [Fact]
    public void WhoAdvertisesNothingIsNotCalledWhereItsLastLinkWas()
    {
        var addresses = Make();
        addresses.Prefer(Four[0]);
        Assert.Equal(0, addresses.Count);
        Assert.True(addresses.Set([Four[1]]));
        Assert.Equal([Four[0], Four[1]], OrderOf(addresses));
        Assert.True(addresses.Set([]));
        Assert.Equal(0, addresses.Count);
    }

    [Fact]
    public void OnlyWhatIsNewIsNews()
    {
        var addresses = Make(Four[0], Six[0]);
        Assert.False(addresses.Set([Four[0], Six[0]]));
        Assert.False(addresses.Set([Four[0], NetAddress.None, Four[0], Six[0]]));
        Assert.True(addresses.Set([Six[0], Four[0]]));
        Assert.True(addresses.Set([Six[0]]));
    }

    [Fact]
    public void WhatIsNoHostsAddressIsLeftOut()
    {
        string[] none = ["224.0.0.1:1", "255.255.255.255:1", "0.0.0.0:1", "0.1.2.3:1", "[ff02::1]:1", "[::]:1"];
        foreach (var text in none)
        {
            Assert.True(NetAddress.TryParse(text, out var address));
            AssertOrder([Four[0]], address, Four[0]);
        }

        AssertOrder([]);
        AssertOrder([], NetAddress.None);
    }

    private static void AssertOrder(NetAddress[] expected, params NetAddress[] advertised) =>
        Assert.Equal(expected, OrderOf(Make(advertised)));

    private static PeerAddresses Make(params NetAddress[] advertised)
    {
        var addresses = new PeerAddresses();
        addresses.Set(advertised);
        return addresses;
    }

    private static IEnumerable<NetAddress> OrderOf(PeerAddresses addresses) =>
        Enumerable.Range(0, addresses.Count).Select(place => addresses[place]);
}
