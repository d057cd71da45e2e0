using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing;
using WeCan.Controller.Routing.Health;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Tests.Routing.Health;

/// <summary>docs/control.md, "Nodes that fail": who is taken out of others' ways by whose evidence, how many at once, and who comes back when.</summary>
public sealed class EliminationTests
{
    private const uint Bad = 300_000;

    private readonly LinkBook _links = new();
    private readonly Elimination _health = new();
    private readonly List<Member> _members = [];
    private readonly Dictionary<(int, int), uint?> _loss = [];
    private double _seconds;

    private MonoTime Now => MonoTime.Zero + Duration.FromMilliseconds(_seconds * 1_000);

    [Fact]
    public void A_node_that_loses_much_with_most_of_its_peers_is_out_within_five_seconds_and_back_after_its_probation()
    {
        Add(10);
        Run(5);
        for (var peer = 2; peer <= 8; peer++)
            Spoil(1, peer, Bad);
        Run(5);
        var gone = Assert.Single(_health.Out);
        Assert.Equal((new NodeId(1), 7, 9), (gone.Node, gone.Bad, gone.Peers));
        Assert.True(_health.TryTakeNews(out var news) && !news.IsBack);
        var topology = _links.Survey(Now, _members, new(PolicyDocument.Default, _members)).ToTopology(Now, _health, new());
        Assert.Equal(_members.Select(member => member.Number.Value != 1), _members.Select(member => topology.Carries(topology.IndexOf(member.Number))));

        for (var peer = 2; peer <= 8; peer++)
            Spoil(1, peer, 0);
        Run(25);
        Assert.True(_health.IsOut(new(1)));
        Run(10);
        Assert.False(_health.IsOut(new(1)));
        Assert.True(_health.TryTakeNews(out news) && news.IsBack);
    }

    [Fact]
    public void Links_that_are_gone_speak_for_a_minute_and_then_no_more()
    {
        Add(10);
        Run(5);
        for (var peer = 2; peer <= 8; peer++)
            Spoil(1, peer, null);
        Run(2);
        Assert.True(_health.IsOut(new(1)));

        // What is dead for long is dead, and leaves its place in the region to another only when it is no member, or well.
        Run(70);
        Assert.True(_health.IsOut(new(1)));
        _members.RemoveAt(0);
        Run(2);
        Assert.Empty(_health.Out);
    }

    [Fact]
    public void Fewer_than_three_are_not_believed_nor_is_a_minority()
    {
        Add(10);
        Run(5);
        Spoil(1, 2, Bad);
        Spoil(1, 3, Bad);
        Run(10);
        Assert.Empty(_health.Out);
        Spoil(1, 4, Bad);
        Spoil(1, 5, Bad);
        Run(10);
        Assert.Empty(_health.Out);
    }

    [Fact]
    public void One_that_lies_about_all_takes_nobody_out_but_itself()
    {
        Add(10);
        Run(5);
        for (var peer = 2; peer <= 10; peer++)
            _loss[(1, peer)] = Bad;
        Run(20);
        Assert.Empty(_health.Out);
    }

    [Fact]
    public void Of_a_region_never_more_than_a_fifth_is_out_and_a_small_one_loses_none()
    {
        Add(10, "north");
        Add(4, "south");
        Run(5);
        foreach (var node in (int[])[1, 2, 3, 11])
        {
            for (var peer = 4; peer <= 14; peer++)
                Spoil(node, peer, Bad);
        }

        for (var i = 0; i < 30; i++)
        {
            Run(1);
            Assert.True(_health.Out.Count(node => node.Node.Value <= 10) <= 2);
        }

        Assert.Equal(2, _health.Out.Count);
        Assert.DoesNotContain(_health.Out, node => node.Node.Value > 10);
    }

    [Fact]
    public void A_relapse_makes_the_probation_longer()
    {
        Add(10);
        Run(5);
        var waits = new List<double>();
        for (var round = 0; round < 3; round++)
        {
            for (var peer = 2; peer <= 10; peer++)
                Spoil(1, peer, Bad);
            Run(3);
            Assert.True(_health.IsOut(new(1)));
            for (var peer = 2; peer <= 10; peer++)
                Spoil(1, peer, 0);
            var from = _seconds;
            while (_health.IsOut(new(1)))
                Run(1);
            waits.Add(_seconds - from);
        }

        Assert.InRange(waits[0], 29, 33);
        Assert.InRange(waits[1], 59, 63);
        Assert.InRange(waits[2], 119, 123);
    }

    [Fact]
    public void Whatever_is_reported_the_bounds_hold()
    {
        var random = new Random(5);
        Add(12, "a");
        Add(7, "b");
        Add(3);
        Run(3);
        for (var i = 0; i < 400; i++)
        {
            var (one, other) = (random.Next(1, 23), random.Next(1, 23));
            if (one != other)
                Spoil(one, other, random.Next(3) switch { 0 => 0u, 1 => Bad, _ => null });
            Run(1);
            Assert.True(_health.Out.Count(node => node.Node.Value <= 12) <= 2);
            Assert.True(_health.Out.Count(node => node.Node.Value is > 12 and <= 19) <= 1);
            Assert.DoesNotContain(_health.Out, node => node.Node.Value > 19);
        }
    }

    private void Add(int count, string region = "")
    {
        for (var i = 0; i < count; i++)
        {
            var number = _members.Count + 1;
            _members.Add(new()
            {
                Number = new((ushort)number),
                Role = NodeRole.Relay,
                Key = Samples.OverlayKey((ulong)number),
                Region = region,
                Expires = Samples.Start,
                State = MemberState.Active,
            });
        }
    }

    /// <summary>Both ends see the link so from now on; null is a link that died.</summary>
    private void Spoil(int one, int other, uint? loss) => _loss[(one, other)] = _loss[(other, one)] = loss;

    private void Run(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _seconds++;
            foreach (var member in _members)
                _links.Take(Now, member.Number, new(IsFull: _seconds == 1, IsLast: true, [.. _members.Where(other => other != member).Select(other => Link(member, other))]));
            _health.Judge(Now, _members, _links);
        }
    }

    private LinkReport Link(Member from, Member to)
    {
        var loss = _loss.GetValueOrDefault((from.Number.Value, to.Number.Value), 0u);
        return loss is null
            ? new(to.Number, LinkState.Gone)
            : new(to.Number, LinkState.Proven) { Rtt = Duration.FromMilliseconds(20), LossTo = loss.Value };
    }
}
