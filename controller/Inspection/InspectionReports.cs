using System.Globalization;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.Service;

namespace WeCan.Controller.Inspection;

/// <summary>What the core knows, as reports. Within a step of the loop.</summary>
internal static class InspectionReports
{
    public static NetworkReport Network(ControllerCore core, ControllerTime now, InspectionFacts facts, LoopMode mode) => new()
    {
        Network = core.Network.Name,
        Id = core.Network.Id.ToString(),
        Controller = facts.Controller,
        Mode = mode switch { LoopMode.Leads => "leads", LoopMode.ReadOnly => "read_only", _ => "stands_by" },
        Started = facts.Started,
        AuthorityEnd = facts.AuthorityEnd,
        MembershipVersion = core.History.Version.ToString(),
        PolicyVersion = core.Policies.Newest.Version,
        IsPolicyKnown = core.HoldsPolicy,
        Relays = core.Members.Count(row => row.Member.Role == NodeRole.Relay),
        Edges = core.Members.Count(row => row.Member.Role == NodeRole.Edge),
        Connected = Connected(core).Count,
        Reporting = core.Routing.Links.CountReporting(now.Mono),
        Draining = core.Members.Count(row => row.Member.State == MemberState.Draining),
        Links = EventWatch.Proven(core, now).Count,
        Routed = core.Routing.Table.Nodes,
        Maintained = core.Routing.CountMaintained(),
        MaintainedLinks = core.Routing.Document.Links.Count(rule => rule.Maintenance == true),
        WithoutWay = WithoutWay(core),
        ExampleWithoutWay = core.Routing.ExampleWithoutWay is { } pair ? new(pair.Service.ToString().ToLowerInvariant(), core.History.NameOf(pair.Origin), core.History.NameOf(pair.Destination)) : null,
    };

    public static PairsWithoutWay WithoutWay(ControllerCore core) =>
        new(core.Routing.WithoutWay(RouteClass.Realtime), core.Routing.WithoutWay(RouteClass.Signal), core.Routing.WithoutWay(RouteClass.Bulk));

    public static NodesReport Nodes(ControllerCore core, ControllerTime now)
    {
        var connected = Connected(core);
        var links = new Dictionary<NodeId, int>();
        foreach (var (one, other) in EventWatch.Proven(core, now))
        {
            links[one] = links.GetValueOrDefault(one) + 1;
            links[other] = links.GetValueOrDefault(other) + 1;
        }

        return new([.. core.Members.Select(row => row.Member).OrderBy(member => member.Number).Select(member => new NodeEntry
        {
            Number = member.Number.Value,
            Name = member.Name,
            Role = member.Role == NodeRole.Edge ? "edge" : "relay",
            Region = member.Region,
            Site = member.Site,
            Operator = member.Operator,
            Addresses = [.. member.Addresses.Select(address => address.ToString())],
            IsDraining = member.State == MemberState.Draining,
            IsOut = core.Routing.Health.IsOut(member.Number),
            IsMaintained = core.Routing.Terms.IsUnderMaintenance(member.Number),
            IsConnected = connected.ContainsKey(member.Number),
            Software = connected.GetValueOrDefault(member.Number, ""),
            Links = core.Routing.Links.Reporters.TryGetValue(member.Number, out var reporter) && reporter.Counts(now.Mono) ? links.GetValueOrDefault(member.Number) : null,
            Expires = member.Expires.ToDateTimeOffset(),
        })]);
    }

    /// <param name="core">Who knows.</param>
    /// <param name="now">The time.</param>
    /// <param name="only">A node that is there, or none for all.</param>
    public static LinksReport Links(ControllerCore core, ControllerTime now, string only)
    {
        var node = TryFind(core, only, out var found) ? found : NodeId.None;
        var book = core.Routing.Links;
        var names = core.History.Members.ToDictionary(member => member.Number, member => member.Name);
        var all = (from reporter in book.Reporters
                   where reporter.Value.Counts(now.Mono) && (node.IsNone || reporter.Key == node)
                   from link in reporter.Value.Links.Values
                   orderby reporter.Key, link.Peer
                   select (Node: reporter.Key, Link: link)).ToList();
        return new([.. all.Take(InspectionLimits.Links).Select(pair => new LinkEntry
        {
            From = pair.Node.Value,
            FromName = names.GetValueOrDefault(pair.Node, ""),
            To = pair.Link.Peer.Value,
            ToName = names.GetValueOrDefault(pair.Link.Peer, ""),
            State = book.StateOf(now.Mono, pair.Node, pair.Link.Peer) switch { LinkState.Proven => "good", LinkState.Up => "waiting", _ => "denied" },
            RttMs = pair.Link.Rtt.Microseconds / 1_000.0,
            MinRttMs = pair.Link.MinRtt.Microseconds / 1_000.0,
            JitterMs = pair.Link.Jitter.Microseconds / 1_000.0,
            LossTo = pair.Link.LossTo / 1e6,
            LossFrom = pair.Link.LossFrom / 1e6,
            BurstTo = pair.Link.BurstTo / 100.0,
            BurstFrom = pair.Link.BurstFrom / 100.0,
            Bandwidth = pair.Link.Bandwidth.BitsPerSecond,
            Used = pair.Link.Used.BitsPerSecond,
        })], all.Count);
    }

    public static AuditReport Audit(ControllerCore core) =>
        new([.. core.Api.Audit.TakeLast(InspectionLimits.Audit).Select(row => new AuditEntry(row.Id, row.At.ToDateTimeOffset(), row.Who, row.What))]);

    /// <summary>By number or by name.</summary>
    public static bool TryFind(ControllerCore core, string text, out NodeId number)
    {
        var member = core.History.Members.FirstOrDefault(member => member.Name == text && text.Length > 0)
            ?? (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? core.History.Members.FirstOrDefault(member => member.Number.Value == value) : null);
        number = member?.Number ?? NodeId.None;
        return member is not null;
    }

    private static Dictionary<NodeId, string> Connected(ControllerCore core)
    {
        var connected = new Dictionary<NodeId, string>();
        foreach (var session in core.Sessions.Where(session => session.Hello is not null && session.End is null))
            connected[session.Number] = session.Hello!.Software;
        return connected;
    }
}
