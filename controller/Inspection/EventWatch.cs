using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Core;

namespace WeCan.Controller.Inspection;

/// <summary>Looks at the core now and then, and tells the hub what is not as it was. On the loop's thread alone.</summary>
internal sealed class EventWatch(EventHub hub, RouteHistory history)
{
    private static readonly Duration LinksEvery = Duration.FromSeconds(1);

    private HashSet<NodeId> _connected = [];
    private HashSet<(NodeId, NodeId)>? _links;
    private MembershipVersion? _version;
    private (ControllerCore Core, long Version)? _policy;
    private MonoTime _nextLook;
    private MonoTime _nextLinks;

    public void Look(ControllerCore core, ControllerTime now)
    {
        if (now.Mono < _nextLook)
            return;
        _nextLook = now.Mono + InspectionLimits.LookEvery;
        LookAtMembers(core, now);
        LookAtSessions(core, now);
        LookAtPolicy(core, now);
        var changed = history.Look(now.Wall, core.Routing.Table, core.History.Snapshot.Select(member => member.Number));
        if (changed > 0)
            hub.Tell(now.Wall, "routes_changed", changed == 1 ? "The ways of 1 pair of nodes changed." : $"The ways of {changed} pairs of nodes changed.");
        if (now.Mono < _nextLinks)
            return;
        _nextLinks = now.Mono + LinksEvery;
        LookAtLinks(core, now);
    }

    private void LookAtMembers(ControllerCore core, ControllerTime now)
    {
        if (_version is not { } seen || !core.History.Reaches(seen))
        {
            if (_version is not null)
                hub.Tell(now.Wall, "gap", "The membership changed more than is known of: ask for the whole anew.");
            _version = core.History.Version;
            return;
        }

        while (core.History.TryMakeDelta(seen, out var delta))
        {
            foreach (var change in delta!.Changes)
                Tell(now, change);
            _version = seen = delta.To;
        }
    }

    private void Tell(ControllerTime now, MemberChange change)
    {
        var who = change.Member is { Name.Length: > 0 } named ? $"Node {change.Number.Value} ({named.Name})" : $"Node {change.Number.Value}";
        var (kind, text) = change.Kind switch
        {
            MemberChangeKind.Joined => ("node_joined", $"{who} joined as {(change.Member!.Role == NodeRole.Edge ? "an edge" : "a relay")}."),
            MemberChangeKind.Changed => ("node_changed", change.Member!.State == MemberState.Draining ? $"{who} drains." : $"{who} has other addresses or another state."),
            MemberChangeKind.Revoked => ("node_revoked", $"{who} was revoked."),
            MemberChangeKind.Removed => ("node_ended", $"{who} was not renewed, and is no member any more."),
            _ => ("", ""),
        };
        if (kind.Length > 0)
            hub.Tell(now.Wall, kind, text, change.Number);
    }

    private void LookAtSessions(ControllerCore core, ControllerTime now)
    {
        var connected = core.Sessions.Where(session => session.Hello is not null && session.End is null).Select(session => session.Number).ToHashSet();
        foreach (var node in connected.Except(_connected))
            hub.Tell(now.Wall, "node_connected", $"Node {core.History.NameOf(node)} connected.", node);
        foreach (var node in _connected.Except(connected))
            hub.Tell(now.Wall, "node_disconnected", $"Node {core.History.NameOf(node)} is not connected any more.", node);
        _connected = connected;
    }

    /// <summary>A core that has just begun has the versions of others, which nobody sets then.</summary>
    private void LookAtPolicy(ControllerCore core, ControllerTime now)
    {
        var newest = core.Policies.Newest;
        if (_policy is { } seen && seen.Core == core && newest.Version > seen.Version)
            hub.Tell(now.Wall, "policy_set", $"Version {newest.Version} of the policy was set by {newest.Who}{(newest.Comment.Length > 0 ? $": {newest.Comment}" : "")}.");
        _policy = (core, newest.Version);
    }

    /// <summary>A large network has a million links: they are compared only while somebody follows.</summary>
    private void LookAtLinks(ControllerCore core, ControllerTime now)
    {
        if (!hub.IsFollowed)
        {
            _links = null;
            return;
        }

        var links = Proven(core, now);
        foreach (var (one, other) in _links is null ? [] : links.Except(_links))
            hub.Tell(now.Wall, "link_up", $"The link between nodes {core.History.NameOf(one)} and {core.History.NameOf(other)} can be relied on.", one, other);
        foreach (var (one, other) in _links is null ? [] : _links.Except(links))
            hub.Tell(now.Wall, "link_down", $"The link between nodes {core.History.NameOf(one)} and {core.History.NameOf(other)} cannot be relied on any more.", one, other);
        _links = links;
    }

    public static HashSet<(NodeId One, NodeId Other)> Proven(ControllerCore core, ControllerTime now)
    {
        var book = core.Routing.Links;
        var links = new HashSet<(NodeId One, NodeId Other)>();
        foreach (var (node, reporter) in book.Reporters.Where(pair => pair.Value.Counts(now.Mono)))
        {
            foreach (var link in reporter.Links.Values.Where(link => book.StateOf(now.Mono, node, link.Peer) == LinkState.Proven))
                links.Add(node < link.Peer ? (node, link.Peer) : (link.Peer, node));
        }

        return links;
    }
}
