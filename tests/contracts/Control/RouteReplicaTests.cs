using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Contracts.Tests.Control;

/// <summary>docs/control.md, "Routes": a node holds what a controller said, whole, or what it held before.</summary>
public sealed class RouteReplicaTests
{
    private static readonly DestinationRoutes Two = new(new(2), [], [new(5)]);
    private static readonly DestinationRoutes Three = new(new(3), [[new(5), new(6)]]);
    private static readonly DestinationRoutes OtherTwo = new(new(2), [[new(7)]]);

    private readonly RouteReplica _replica = new();

    [Fact]
    public void A_change_is_applied_only_to_the_version_that_it_starts_from()
    {
        Assert.True(_replica.TryAdd(Whole(1, Two, Three)));
        var held = _replica.Version;
        Assert.False(_replica.TryAdd(Change(held with { Number = 9 }, 2, OtherTwo)));
        Assert.False(_replica.TryAdd(Change(held with { Mark = 9 }, 2, OtherTwo)));
        Assert.Equal((held, Two), (_replica.Version, _replica.Find(new(2))));

        Assert.True(_replica.TryAdd(Change(held, 2, OtherTwo)));
        Assert.Equal((2UL, OtherTwo, Three), (_replica.Version.Number, _replica.Find(new(2)), _replica.Find(new(3))));
    }

    [Fact]
    public void What_does_not_have_the_mark_that_was_promised_changes_nothing()
    {
        Assert.True(_replica.TryAdd(Whole(1, Two)));
        var held = _replica.Version;
        Assert.False(_replica.TryAdd(new(held, new(2, Three.Mark), 0, IsLast: true, [Three])));
        Assert.False(_replica.TryAdd(new(null, new(2, Two.Mark), 0, IsLast: true, [Three])));
        Assert.Equal((held, 1), (_replica.Version, _replica.Routes.Count));
    }

    [Fact]
    public void Pieces_count_when_the_last_is_there_and_only_in_order()
    {
        Assert.True(_replica.TryAdd(Whole(1, OtherTwo)));
        var version = new RoutesVersion(2, Two.Mark + Three.Mark);
        Assert.True(_replica.TryAdd(new(null, version, 0, IsLast: false, [Two])));
        Assert.Equal(OtherTwo, _replica.Find(new(2)));
        Assert.False(_replica.TryAdd(new(null, version, 2, IsLast: true, [Three])));
        Assert.False(_replica.TryAdd(new(null, version, 1, IsLast: true, [Three])));
        Assert.Equal(OtherTwo, _replica.Find(new(2)));
        Assert.True(_replica.TryAdd(new(null, version, 0, IsLast: false, [Two])));
        Assert.True(_replica.TryAdd(new(null, version, 1, IsLast: true, [Three])));
        Assert.Equal((version, Two, Three), (_replica.Version, _replica.Find(new(2)), _replica.Find(new(3))));
    }

    [Fact]
    public void Changes_are_told_once_and_as_they_are_when_asked_for()
    {
        Assert.True(_replica.TryAdd(Whole(1, Two, Three)));
        Assert.True(_replica.TryAdd(Change(_replica.Version, 2, OtherTwo)));
        Assert.True(_replica.TryTakeChange(out var destination, out var routes));
        Assert.Equal((new RouteKey(new(2), RouteClass.Signal), OtherTwo), (destination, routes));
        Assert.True(_replica.TryAdd(Whole(3, OtherTwo)));
        Assert.True(_replica.TryTakeChange(out destination, out routes));
        Assert.Equal((new RouteKey(new(3), RouteClass.Signal), 0), (destination, routes.WayCount));
        Assert.False(_replica.TryTakeChange(out _, out _));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_chain_of_changes_leads_to_what_its_end_says_and_comes_back_from_the_disk(int seed)
    {
        var random = new Random(seed);
        var samples = new ControlSamples(random);
        var truth = new SortedDictionary<RouteKey, DestinationRoutes>();
        for (ulong number = 1; number <= 200; number++)
        {
            var changes = Enumerable.Range(0, random.Next(1, 40)).Select(_ => samples.RouteKey(new((ushort)random.Next(1, 60)))).Distinct().Order().Select(samples.Ways).ToList();
            foreach (var change in changes)
            {
                if (change.WayCount == 0)
                    truth.Remove(change.Key);
                else
                    truth[change.Key] = change;
            }

            var version = new RoutesVersion(number, truth.Values.Aggregate(0UL, (sum, routes) => sum + routes.Mark));
            var isWhole = random.Next(10) == 0;
            foreach (var piece in RoutesMessage.Cut(isWhole ? null : _replica.Version, version, isWhole ? truth.Values : changes))
                Assert.True(_replica.TryAdd(Through(piece)));
            Assert.Equal(version, _replica.Version);
            Assert.Equal(truth.Values, _replica.Routes.OrderBy(routes => routes.Key));
        }

        var restarted = new RouteReplica();
        foreach (var piece in _replica.ToMessages())
            Assert.True(restarted.TryAdd(Through(piece)));
        Assert.Equal((_replica.Version, _replica.Routes.Count), (restarted.Version, restarted.Routes.Count));
    }

    [Fact]
    public void The_routes_of_the_largest_network_keep_the_bound_of_a_piece()
    {
        var relays = Enumerable.Range(0, ControlLimits.MaxRelays).Select(i => new NodeId((ushort)(65_000 + i))).ToArray();
        var routes = Enumerable.Range(1, 60_000).Select(i => new DestinationRoutes(new((ushort)i), relays, relays, relays, relays));
        var pieces = RoutesMessage.Cut(null, new(1, 1), routes).ToList();
        Assert.All(pieces, piece => Assert.InRange(piece.ToFrame().Length, 1, ControlLimits.MaxPiece + 64));
        Assert.Equal(60_000, pieces.Sum(piece => piece.Routes.Count));
        Assert.InRange(pieces[0].ToFrame().Length, ControlLimits.MaxPiece * 8 / 10, ControlLimits.MaxPiece + 64);
    }

    private static RoutesMessage Through(RoutesMessage piece)
    {
        Assert.Equal(ControlReadResult.Read, ControlMessage.TryRead(piece.ToFrame().AsSpan(4), out var read));
        return (RoutesMessage)read!;
    }

    private static RoutesMessage Whole(ulong number, params DestinationRoutes[] routes) =>
        new(null, new(number, routes.Aggregate(0UL, (sum, one) => sum + one.Mark)), 0, IsLast: true, routes);

    private RoutesMessage Change(RoutesVersion from, ulong number, DestinationRoutes change) =>
        new(from, new(number, _replica.Version.Mark - _replica.Find(change.Key).Mark + change.Mark), 0, IsLast: true, [change]);
}
