using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Runtime.Local;

namespace WeCan.Runtime.Tests.Local;

/// <summary>docs/operations.md: what `routes` shows of one destination, by class, and beside which ways Realtime's figures stand.</summary>
public sealed class RouteEntriesTests
{
    private static readonly NodeId To = new(9);
    private static readonly MonoTime Now = MonoTime.FromSeconds(100);
    private static readonly PathStatus[] Measured = [Path(0, 0.01), Path(1, 0.02), Path(2, 0.5) with { IsKnown = false }];

    [Fact]
    public void Where_all_classes_go_the_same_ways_there_is_one_entry_and_the_direct_link_comes_last()
    {
        var entry = Assert.Single(Of([new(To, [new(3)], [new(4), new(5)])]));
        Assert.Equal((9, "fra", "all", true), (entry.Destination, entry.Name, entry.For, entry.IsTold));
        Assert.Equal("3, 4 5, ", string.Join(", ", entry.Ways.Select(way => string.Join(' ', way.Relays))));
        Assert.Equal([false, false, true], entry.Ways.Select(way => way.IsLastResort));
        Assert.Equal([0.01, 0.02, null], entry.Ways.Select(way => way.Realtime?.Loss));
    }

    [Fact]
    public void Where_nothing_was_told_there_is_the_direct_link_and_no_resort()
    {
        var entry = Assert.Single(Of([]));
        Assert.Equal(("all", false), (entry.For, entry.IsTold));
        Assert.Equal((0, false), (Assert.Single(entry.Ways).Relays.Count, entry.Ways[0].IsLastResort));
    }

    /// <summary>Realtime takes Signal's ways where it has none of its own, whoever else has some: its figures are of those and of no others.</summary>
    [Fact]
    public void Figures_of_realtime_stand_beside_the_ways_that_realtime_takes()
    {
        DestinationRoutes signal = new(To, [new(3)], []), bulk = new(new(To, RouteClass.Bulk), [new(4)], []), realtime = new(new(To, RouteClass.Realtime), [new(5)], []);
        Assert.Equal("signal: 3 0.01, direct 0.02; bulk: 4, direct", Told([signal, bulk]));
        Assert.Equal("signal: 3, direct; realtime: 5 0.01, direct 0.02", Told([signal, realtime]));
        Assert.Equal("signal: 3, direct; realtime: 5 0.01, direct 0.02; bulk: 4, direct", Told([bulk, realtime, signal]));

        static string Told(List<DestinationRoutes> told) => string.Join("; ", Of(told).Select(entry => $"{entry.For}: {string.Join(", ", entry.Ways.Select(Way))}"));

        static string Way(WayEntry way) => FormattableString.Invariant($"{(way.Relays.Count == 0 ? "direct" : string.Join(' ', way.Relays))} {way.Realtime?.Loss}").TrimEnd();
    }

    /// <summary>As the node itself chooses: the first that begins with a link that is proven, else with one that lives.</summary>
    [Fact]
    public void The_way_in_use_is_the_first_whose_link_can_be_relied_on()
    {
        List<DestinationRoutes> told = [new(To, [new(3)], [new(4)], [])];
        Assert.Equal(-1, InUse());
        Assert.Equal(2, InUse(To));
        Assert.Equal(1, InUse(new(4), To));
        Assert.Equal(0, InUse(new(3), new(4)));
        Assert.Equal("down on_trial up", string.Join(' ', EntryWith([Link(4) with { ProvenAt = Now + Duration.FromSeconds(1) }, Link(9)]).Ways.Select(way => way.FirstLink)));
        Assert.True(EntryWith([Link(4) with { ProvenAt = Now + Duration.FromSeconds(1) }, Link(9)]).Ways[2].IsInUse);
        Assert.True(EntryWith([Link(4) with { ProvenAt = Now + Duration.FromSeconds(1) }]).Ways[1].IsInUse);

        RouteEntry EntryWith(LinkStatus[] links) => RouteEntries.Of(Now, links.ToDictionary(link => link.Peer), "fra", To, told, []).Single();

        int InUse(params NodeId[] up) => EntryWith([.. up.Select(peer => Link(peer.Value))]).Ways.Select((way, rank) => way.IsInUse ? rank : -1).Max();
    }

    private static List<RouteEntry> Of(List<DestinationRoutes> told) => [.. RouteEntries.Of(Now, [], "fra", To, told, Measured)];

    private static PathStatus Path(int token, double loss) => new(token, token == 0, IsOnTrial: false, IsKnown: true, loss, Duration.FromMilliseconds(20), 0);

    private static LinkStatus Link(ushort peer) => new(new(peer), default, NetAddress.None, default, default, default, default, 0, 0, new LinkCounters());
}
