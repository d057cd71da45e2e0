using System.Collections.Immutable;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;

namespace WeCan.Simulation.Swarm;

/// <summary>Which nodes say that they have a link to which, and since when every planned link stands at both of its ends.</summary>
internal sealed class LinkLedger(SwarmPlan plan)
{
    private readonly Dictionary<(int Place, int Other), MonoTime> _standing = [];

    /// <summary>Since when every link stands; Never while one does not.</summary>
    public MonoTime WholeSince { get; private set; } = MonoTime.Never;

    /// <summary>Ends of links, each with the node that has none to the other.</summary>
    public IEnumerable<(int Place, int Other)> Missing =>
        plan.Links.SelectMany(link => new[] { (link.First, link.Second), (link.Second, link.First) }).Where(end => !_standing.ContainsKey(end));

    /// <summary>Whether some node on a way has had its link from the one before for a short while only.</summary>
    public bool IsYoung(MonoTime now, ImmutableArray<int> way) => Enumerable.Range(1, way.Length - 1)
        .Any(hop => !_standing.TryGetValue((way[hop], way[hop - 1]), out var since) || now - since < SwarmLimits.YoungLink);

    public void OnLink(MonoTime now, int place, in NodeEvent happened)
    {
        var end = (place, happened.Peer.Value - 1);
        if (happened.Kind == NodeEventKind.LinkUp)
            _standing[end] = now;
        else if (happened.Kind == NodeEventKind.LinkDown)
            _standing.Remove(end);
        Note(now);
    }

    public void OnDied(MonoTime now, int place)
    {
        foreach (var end in _standing.Keys.Where(end => end.Place == place).ToList())
            _standing.Remove(end);
        Note(now);
    }

    private void Note(MonoTime now)
    {
        if (_standing.Count < 2 * plan.Links.Length)
            WholeSince = MonoTime.Never;
        else if (WholeSince.IsNever)
            WholeSince = now;
    }
}
