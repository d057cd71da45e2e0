using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Tests.Routing.Loads;

/// <summary>A pair that was led from one relay to another counts at both until who measures says so, however late that is.</summary>
public sealed class MovedBookTests
{
    private const int Rate = 30_000;
    private static readonly NodeId Origin = new(1);
    private static readonly NodeId Destination = new(2);
    private static readonly NodeId Old = new(3);
    private static readonly NodeId New = new(4);

    private readonly LinkBook _links = new();
    private readonly MovedBook _book = new();
    private readonly Topology _topology = new([Origin, Destination, Old, New]);

    public MovedBookTests()
    {
        foreach (var node in (ReadOnlySpan<NodeId>)[Origin, Old, New])
            Hear(node, 0);
        _book.Add(At(10), [new(RouteClass.Signal, Origin, Destination, new(Old, default), new(New, default), Rate)]);
    }

    [Fact]
    public void A_move_counts_at_both_places_until_reports_show_it()
    {
        Assert.Equal((70_000, Rate), Look(10.1));
        Hear(Origin, 10.4);
        Assert.Equal((70_000, Rate), Look(10.5));
        Hear(Origin, 10.9);
        var (least, most) = Look(11);
        Assert.InRange(least, 84_900, 85_100);
        Assert.InRange(most, (Rate / 2) - 100, (Rate / 2) + 100);
        Hear(Origin, 11.5);
        Assert.Equal((100_000, 0), Look(11.6));
    }

    [Fact]
    public void Reports_that_are_late_show_it_later()
    {
        foreach (var node in (ReadOnlySpan<NodeId>)[Origin, Old, New])
            _links.TakeRoundTrip(node, Duration.FromSeconds(2));
        Hear(Origin, 12.3);
        Assert.Equal((70_000, Rate), Look(12.4));
        Hear(Origin, 13.5);
        Assert.Equal((100_000, 0), Look(13.6));
    }

    [Fact]
    public void A_pair_rests_until_all_who_measure_it_have_shown_its_move()
    {
        Hear(Origin, 15);
        Hear(Old, 15);
        Look(16.1);
        Assert.True(IsResting());
        Hear(New, 16.2);
        Look(16.3);
        Assert.False(IsResting());
    }

    [Fact]
    public void What_is_never_shown_is_given_up()
    {
        Look(24.9);
        Assert.True(IsResting());
        Assert.Equal((70_000, Rate), Look(24.9));
        Look(25.1);
        Assert.Equal((100_000, 0), Look(25.2));
        Assert.False(IsResting());
    }

    private (int Least, int Most) Look(double seconds)
    {
        _book.Sweep(At(seconds), _links);
        var loads = Loads();
        return (loads.Least(loads.LinkAt(0, 2)), loads.Most(loads.LinkAt(0, 3)));
    }

    private bool IsResting() => Loads().IsResting(0, 1, isFull: true);

    private LinkLoads Loads()
    {
        var loads = new LinkLoads(4, new(0.7, 0.85, Duration.FromMilliseconds(200)));
        loads.Set(0, 2, 100_000, 100_000, 1_000_000, 0);
        loads.Set(0, 3, 0, 0, 1_000_000, 0);
        _book.Tell(_topology, loads);
        return loads;
    }

    private void Hear(NodeId node, double seconds) => _links.Take(At(seconds), node, new(seconds == 0, true, []));

    private static MonoTime At(double seconds) => MonoTime.FromSeconds(seconds);
}
