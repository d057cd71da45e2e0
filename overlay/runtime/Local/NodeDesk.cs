using System.Globalization;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Http;
using WeCan.Hosting.Local;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Runtime.Daemons;
using WeCan.Runtime.Routing;

namespace WeCan.Runtime.Local;

/// <summary>
/// Answers what a node is asked about itself. What the loop owns is read by the loop, in one command for each question; what the control
/// client owns, under its lock; neither for longer than a copy takes.
/// </summary>
internal sealed class NodeDesk(OverlayDaemon daemon, RouteReplica routes, RouteFollower follower, NodeDeskFacts facts)
{
    public void AddTo(LocalEndpoints endpoints)
    {
        endpoints.Add("GET", "/v1/status", (_, cancellation) => StatusAsync(cancellation));
        endpoints.Add("GET", "/v1/links", (_, cancellation) => LinksAsync(cancellation));
        endpoints.Add("GET", "/v1/routes", (question, cancellation) => RoutesAsync(question.Query("to"), cancellation));
    }

    private async Task<LocalAnswer> StatusAsync(CancellationToken cancellation)
    {
        var (links, silent) = await LoopQuestion.AskAsync(
            daemon.Driver,
            (node, _) =>
            {
                var found = LinksByPeer(node);
                return (found.Count, found.Values.Count(link => link.IsSilent));
            },
            cancellation);
        var (own, relays, edges, version) = daemon.Ask(membership =>
        {
            var members = membership.Members.Where(member => membership.Find(member.Number) is not null).ToList();
            return (membership.Find(daemon.Record.Number), members.Count(member => member.Role == NodeRole.Relay), members.Count(member => member.Role == NodeRole.Edge), membership.Version);
        });
        var (routesVersion, destinations) = daemon.Ask(_ => (routes.Version, routes.Routes.Select(known => known.Destination).Distinct().Count()));
        var control = daemon.Control.Status;
        var report = new NodeStatusReport
        {
            Software = facts.Software,
            Node = daemon.Record.Number.Value,
            Name = own?.Name ?? "",
            Role = WordOf(daemon.Record.Role),
            Region = own?.Region ?? "",
            Network = daemon.Record.Network.ToString(),
            Life = facts.Epoch.Value,
            Started = facts.Started,
            Listen = daemon.Driver.LocalAddress.ToString(),
            IsDraining = daemon.IsDraining,
            IsDisowned = control.IsDisowned,
            IsImpaired = daemon.Driver.Statistics.IsImpaired,
            Controller = new(control.IsConnected, control.Controller, control.Transport.ToString(), control.Since, control.Sessions, control.Trouble),
            CertificateEnd = daemon.Control.CertificateEnd,
            MembershipVersion = version.ToString(),
            Relays = relays,
            Edges = edges,
            Links = links,
            LinksSilent = silent,
            RoutesVersion = routesVersion.ToString(),
            Destinations = destinations,
        };
        return LocalAnswer.Done(report, NodeJson.Default.NodeStatusReport);
    }

    private async Task<LocalAnswer> LinksAsync(CancellationToken cancellation)
    {
        var members = Members();
        var links = await LoopQuestion.AskAsync(daemon.Driver, (node, now) => Entries(node, now, members), cancellation);
        return LocalAnswer.Done(new([.. links.Take(LocalLimits.Entries)], links.Count), NodeJson.Default.LinksReport);
    }

    private async Task<LocalAnswer> RoutesAsync(string to, CancellationToken cancellation)
    {
        var members = Members();
        if (!TryFind(members, to, out var only))
            return LocalAnswer.Refused(HttpStatus.NotFound, ExitCodes.Usage, $"There is no member \"{to}\": write a node's number or name; links shows them.");
        var told = daemon.Ask(_ => routes.Routes.ToLookup(known => known.Destination));
        var wanted = (only.IsNone ? members.Keys.Union(told.Select(known => known.Key)) : [only]).Where(number => number != daemon.Record.Number).Order().ToList();
        var entries = await LoopQuestion.AskAsync(
            daemon.Driver,
            (node, now) =>
            {
                var links = LinksByPeer(node);
                return wanted.Take(LocalLimits.Entries).SelectMany(number => RouteEntries.Of(now, links, members.GetValueOrDefault(number)?.Name ?? "", number, [.. told[number]], only.IsNone ? [] : node.InspectPaths(now, number))).ToList();
            },
            cancellation);
        return LocalAnswer.Done(new(entries, wanted.Count), NodeJson.Default.RoutesReport);
    }

    private List<LinkEntry> Entries(Node node, MonoTime now, Dictionary<NodeId, Member> members)
    {
        var links = LinksByPeer(node);
        return
        [
            .. members.Keys.Union(links.Keys).Where(number => number != daemon.Record.Number).Order().Select(number =>
            {
                var member = members.GetValueOrDefault(number);
                var entry = new LinkEntry
                {
                    Peer = number.Value,
                    Name = member?.Name ?? "",
                    Role = member is null ? "" : WordOf(member.Role),
                    State = RouteEntries.StateOf(links, number, now),
                    Use = follower.UseOf(number) switch { LinkUse.InUse => "in_use", LinkUse.Candidate => "backup", _ => "idle" },
                };
                return links.TryGetValue(number, out var link) ? Measured(entry, link, now) : entry;
            }),
        ];
    }

    private static LinkEntry Measured(LinkEntry entry, in LinkStatus link, MonoTime now) => entry with
    {
        Address = link.Address.ToString(),
        RttMs = Math.Round(link.Rtt.Milliseconds, 3),
        MinRttMs = Math.Round(link.MinRtt.Milliseconds, 3),
        JitterMs = Math.Round(link.Jitter.Milliseconds, 3),
        LossTo = Math.Round(link.LossTo, 6),
        LossFrom = Math.Round(link.LossFrom, 6),
        Bandwidth = link.Bandwidth.BitsPerSecond,
        BytesSent = link.Counters.BytesSent,
        BytesReceived = link.Counters.BytesReceived,
        HeardMsAgo = Math.Round(Math.Max(0, (now - link.HeardAt).Milliseconds), 1),
        DatagramSize = link.DatagramSize,
    };

    /// <summary>While keys change hands there may be two links to a peer; the one that is heard is the one.</summary>
    private static Dictionary<NodeId, LinkStatus> LinksByPeer(Node node)
    {
        var links = new Dictionary<NodeId, LinkStatus>();
        foreach (var link in node.InspectLinks())
        {
            if (!link.Peer.IsNone && !(links.TryGetValue(link.Peer, out var other) && other.HeardAt >= link.HeardAt))
                links[link.Peer] = link;
        }

        return links;
    }

    private static string WordOf(NodeRole role) => role == NodeRole.Edge ? "edge" : "relay";

    /// <summary>Who counts now.</summary>
    private Dictionary<NodeId, Member> Members() =>
        daemon.Ask(membership => membership.Members.Where(member => membership.Find(member.Number) is not null).ToDictionary(member => member.Number));

    /// <summary>The node of a number or name; none for no text at all.</summary>
    private static bool TryFind(Dictionary<NodeId, Member> members, string text, out NodeId found)
    {
        found = NodeId.None;
        if (text.Length == 0)
            return true;
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && members.ContainsKey(new(number)))
            found = new(number);
        else
            found = members.Values.Where(member => member.Name == text).Select(member => member.Number).Order().FirstOrDefault();
        return !found.IsNone;
    }
}
