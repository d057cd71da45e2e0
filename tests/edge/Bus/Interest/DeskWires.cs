using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus.Interest;

namespace WeCan.Edge.Tests.Bus.Interest;

/// <summary>Desks of a few edges whose messages arrive at once and in order; time passes when a test says so.</summary>
internal sealed class DeskWires
{
    private readonly byte[] _message = new byte[InterestLimits.MaxMessage];
    private readonly NodeId[] _edges;

    public DeskWires(int count)
    {
        _edges = [.. Enumerable.Range(1, count).Select(number => new NodeId((ushort)number))];
        Desks = _edges.ToDictionary(edge => edge, edge => new InterestDesk(edge, new(1), edge.Value));
        foreach (var desk in Desks.Values)
            desk.SetMembership(Now, 1, _edges);
        Carry();
    }

    public MonoTime Now { get; private set; } = MonoTime.FromSeconds(10);

    public Dictionary<NodeId, InterestDesk> Desks { get; }

    /// <summary>Messages that were carried.</summary>
    public int Messages { get; private set; }

    /// <summary>An edge that hears nobody, and that nobody hears; what it and others say waits.</summary>
    public NodeId Cut { get; set; }

    public InterestDesk this[NodeId edge] => Desks[edge];

    public HomePair PairOf(string space) => HomePair.Of(Encoding.UTF8.GetBytes(space), _edges);

    /// <summary>The edges that are no home of a space.</summary>
    public NodeId[] Others(string space) => [.. _edges.Where(edge => !PairOf(space).Contains(edge))];

    public void Carry()
    {
        List<NodeId> ready = [];
        for (var isBusy = true; isBusy;)
        {
            isBusy = false;
            foreach (var (from, desk) in Desks)
            {
                if (from == Cut)
                    continue;
                ready.Clear();
                desk.TakeReady(ready);
                foreach (var to in Desks.Keys.Where(to => to != from && to != Cut))
                {
                    while (desk.Take(Now, to, _message) is > 0 and var length)
                    {
                        Messages++;
                        isBusy = true;
                        Assert.True(Desks[to].TryHandle(Now, from, _message.AsSpan(0, length)));
                    }
                }
            }
        }
    }

    public void Wait(double seconds)
    {
        for (var until = Now + Duration.FromSeconds(seconds); Now < until;)
        {
            var next = Desks.Values.Min(desk => desk.NextTimeout);
            Now = MonoTime.Min(until, MonoTime.Max(next, Now + Duration.FromMilliseconds(1)));
            foreach (var desk in Desks.Values)
                desk.HandleTimeout(Now);
            Carry();
        }
    }

    public void Subscribe(NodeId edge, string pattern, ulong ticket = 1) => this[edge].Subscribe(Now, Encoding.UTF8.GetBytes(pattern), ticket);

    public bool IsConfirmed(NodeId edge)
    {
        var isConfirmed = this[edge].TryTakeConfirmed(out _);
        return isConfirmed;
    }

    /// <summary>Null while the edge is not in step.</summary>
    public IReadOnlyList<NodeId>? Match(NodeId edge, string subject) => this[edge].TryMatch(Now, Encoding.UTF8.GetBytes(subject), out var edges) ? [.. edges.ToArray().Order()] : null;
}
