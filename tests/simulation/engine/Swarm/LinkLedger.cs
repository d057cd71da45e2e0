using WeCan.Contracts;
using WeCan.Protocol.Nodes;

namespace WeCan.Simulation.Swarm;

/// <summary>Which nodes say that they have a link to which, and since when every planned link stands at both of its ends.</summary>
internal sealed class LinkLedger(SwarmPlan plan)
{
    private readonly HashSet<(int Place, int Other)> _standing = [];

    /// <summary>Since when every link stands; Never while one does not.</summary>
    public MonoTime WholeSince { get; private set; } = MonoTime.Never;

    /// <summary>Ends of links, each with the node that has none to the other.</summary>
    public IEnumerable<(int Place, int Other)> Missing =>
        plan.Links.SelectMany(link => new[] { (link.First, link.Second), (link.Second, link.First) }).Where(end => !_standing.Contains(end));

    public void OnLink(MonoTime now, int place, in NodeEvent happened)
    {
        var end = (place, happened.Peer.Value - 1);
        if (happened.Kind == NodeEventKind.LinkUp)
            _standing.Add(end);
        else if (happened.Kind == NodeEventKind.LinkDown)
            _standing.Remove(end);
        Note(now);
    }

    public void OnDied(MonoTime now, int place)
    {
        _standing.RemoveWhere(end => end.Place == place);
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
