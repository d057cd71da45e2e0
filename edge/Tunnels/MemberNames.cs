using System.Collections.Frozen;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Runtime.Daemons;
using WeCan.Runtime.Membership;

namespace WeCan.Edge.Tunnels;

/// <summary>
/// Which edge a name means, and what an edge is called, as the membership has it, for a loop that may not wait for the membership: looked up in a copy that is made anew
/// each second in which the membership has changed. Of two edges of one name, the one with the lower number is meant.
/// </summary>
internal sealed class MemberNames : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private volatile FrozenDictionary<string, NodeId> _names = FrozenDictionary<string, NodeId>.Empty;
    private volatile FrozenDictionary<NodeId, string> _called = FrozenDictionary<NodeId, string>.Empty;
    private MembershipVersion _version;
    private ITimer? _timer;

    /// <summary>None where the membership has no edge of that name. Any thread.</summary>
    public NodeId Find(string name) => _names.GetValueOrDefault(name);

    /// <summary>An edge's number with its name, for sentences to people. Any thread.</summary>
    public string Named(NodeId number) => PeerNames.Of(number, _called.GetValueOrDefault(number, ""));

    public void Follow(OverlayDaemon overlay, TimeProvider time)
    {
        Refresh(overlay);
        _timer = time.CreateTimer(_ => Refresh(overlay), null, Every, Every);
    }

    public void Dispose() => _timer?.Dispose();

    private void Refresh(OverlayDaemon overlay)
    {
        var edges = overlay.Ask(membership =>
        {
            if (membership.Version == _version)
                return null;
            _version = membership.Version;
            return membership.Members.Where(member => member.Role == NodeRole.Edge && member.Name.Length > 0).Select(member => (member.Name, member.Number)).ToList();
        });
        if (edges is null)
            return;
        _called = edges.ToFrozenDictionary(edge => edge.Number, edge => edge.Name);
        _names = edges.GroupBy(edge => edge.Name, StringComparer.Ordinal).ToFrozenDictionary(same => same.Key, same => same.Min(edge => edge.Number), StringComparer.Ordinal);
    }
}
