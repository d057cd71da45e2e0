using System.Collections.Immutable;
using WeCan.Contracts;
using WeCan.Protocol;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>What must be true of an overlay after healing: everything arrived, it works, it is cheap, and it gives back what it took.</summary>
internal sealed class CalmCheck(SwarmPlan plan, SwarmJudge judge, SimulationLoop loop)
{
    private static readonly DropReason[] LossReasons =
    [
        DropReason.DuplicateSymbol, DropReason.OrphanPiece, DropReason.HopsSpent, DropReason.NoLink, DropReason.DetoursSpent, DropReason.QueueFull,
        DropReason.OutOfBuffers, DropReason.Expired, DropReason.Shed, DropReason.LinkDied,
    ];

    private static readonly TransportDrop[] TransportLossReasons =
    [
        TransportDrop.Late, TransportDrop.ExpiredBeforeSending, TransportDrop.SendQueueFull, TransportDrop.ReceiveQueueFull,
        TransportDrop.Incomplete, TransportDrop.JoinsFull, TransportDrop.NoReceiveMemory, TransportDrop.FlowEnded, TransportDrop.Contradiction,
        TransportDrop.GaveWay,
    ];

    private readonly Dictionary<(int From, int To), (long Datagrams, long Bytes)> _before = [];
    private HashSet<(int From, int To, uint Generation)> _keysBefore = [];
    private long _messagesBefore;

    private long Messages =>
        judge.Tally.StreamsAccepted + judge.Tally.MulticastsAccepted + judge.Tally.RealtimeAccepted + judge.Tally.RealtimeMulticastsAccepted;

    /// <summary>Everything that was accepted is confirmed, and no application waits.</summary>
    public void CheckRecovered()
    {
        for (var place = 0; place < plan.Nodes.Length; place++)
        {
            if (loop.Host(place) is not NodeHost host)
                judge.Complain($"n{place + 1} does not run");
            else if (host.IsWaiting)
                judge.Complain($"an application of n{place + 1} still waits to send, {SwarmLimits.Recovery} after all was healed");
        }

        foreach (var (place, other) in judge.Links.Missing)
            judge.Complain($"n{place + 1} has no link to n{other + 1} {SwarmLimits.Recovery} after all was healed");
        foreach (var client in plan.Clients.Where(client => client.Stays))
        {
            if (loop.Host(plan.HostOf(client)) is not ClientHost { Session.State: ClientSessionState.Connected })
                judge.Complain($"client {client.Index + 1} has no link {SwarmLimits.Recovery} after all was healed");
        }

        foreach (var use in judge.Clients.Unfinished)
            judge.Complain($"{SwarmLimits.Recovery} after all was healed {use.Outstanding} messages are not confirmed of {use}");
        if (judge.Outstanding > 0)
            judge.Complain($"{SwarmLimits.Recovery} after all was healed {judge.Outstanding} messages are not confirmed, of: {string.Join("; ", Unfinished())}");
        foreach (var ledger in judge.Streams)
        {
            if (ledger.Settle(judge.LifeOf(ledger.Use.Flow.To)) is { } wrong)
                judge.Complain(wrong);
        }
    }

    public void BeginProof()
    {
        Note();
        _messagesBefore = Messages;
    }

    /// <summary>Every flow works, and at a bounded price.</summary>
    public void CheckProof()
    {
        foreach (var use in judge.Clients.Unfinished)
            judge.Complain($"{SwarmLimits.Proof} were not enough to confirm a few messages of {use}");
        if (judge.Outstanding > 0)
            judge.Complain($"{SwarmLimits.Proof} were not enough for a healed overlay to confirm a few messages: {string.Join("; ", Unfinished())}");
        foreach (var ledger in judge.Realtime.Where(ledger => !ledger.IsEnded))
        {
            var (sent, delivered) = ledger.Since(plan.ProofAt + SealingOf(ledger.Use.Flow));
            var needed = DelayOf(ledger.Use.Flow) + ClockError.Of(plan, ledger.Use.Flow) + SwarmLimits.ProofSlack;
            if (ledger.Use.Flow.Deadline >= needed && delivered < sent - (sent / 10))
                judge.Complain($"{ledger.Use}: {delivered} of {sent} messages came over healed links, which need {needed} of the deadline of {ledger.Use.Flow.Deadline}");
        }

        judge.Multicasts.Realtime.CheckProof(plan.ProofAt);
        CheckPrice();
    }

    public void BeginIdle()
    {
        Note();
        _keysBefore = [.. Keys()];
    }

    /// <summary>Nothing is kept, and next to nothing is said.</summary>
    public void CheckIdle()
    {
        for (var place = 0; place < plan.Nodes.Length; place++)
        {
            if (loop.Host(place) is not NodeHost { Node: var node })
                continue;
            if (node.PacketMemoryInUse != 0)
                judge.Complain($"n{place + 1} holds {node.PacketMemoryInUse} bytes of packets in a calm network");
            // What a node holds of a flow that was ended while it was no member goes when the flow has idled for long.
            if (node.SendMemoryInUse != 0 || (node.ReceiveMemoryInUse != 0 && !judge.WasRemoved(place)))
                judge.Complain($"n{place + 1} holds {node.SendMemoryInUse} bytes to send and {node.ReceiveMemoryInUse} bytes received in a calm network");
        }

        for (var place = 0; place < plan.Nodes.Length; place++)
        {
            if (loop.Host(place) is NodeHost { Node.Clients: var desk } && desk.SendMemoryInUse + desk.ReceiveMemoryInUse != 0)
                judge.Complain($"n{place + 1} holds {desk.SendMemoryInUse} bytes to send to clients and {desk.ReceiveMemoryInUse} bytes from them in a calm network");
        }

        CheckClients();
        var fast = FastWays().ToHashSet();
        var rekeyed = Keys().Where(keys => !_keysBefore.Contains(keys)).SelectMany(keys => ((int, int)[])[(keys.From, keys.To), (keys.To, keys.From)]).ToHashSet();
        foreach (var (from, to, datagrams, bytes) in Spent())
        {
            var most = fast.Contains((from, to)) ? (long)(SwarmLimits.FastDatagramsPerSecond * SwarmLimits.Idle.Seconds) : SwarmLimits.IdleDatagrams;
            most += rekeyed.Contains((from, to)) ? SwarmLimits.NewKeysDatagrams : 0;
            if (datagrams > most || bytes > most * SwarmLimits.LifeDatagramBytes)
                judge.Complain($"n{from + 1} sent n{to + 1} {datagrams} datagrams, {bytes} bytes, in {SwarmLimits.Idle} in which nobody said anything");
        }
    }

    /// <summary>
    /// Each Realtime message that did not come was let go somewhere, and counted. Where a program died, its counts died with it.
    /// </summary>
    public void CheckCounts()
    {
        if (plan.Crashes.Length > 0)
            return;
        var missing = judge.Realtime.Sum(ledger => (long)(ledger.Accepted - ledger.Delivered));
        var counted = 0L;
        for (var place = 0; place < plan.Nodes.Length; place++)
        {
            if (loop.Host(place) is NodeHost { Node: var node })
                counted += LossReasons.Sum(reason => node.Drops[reason]) + TransportLossReasons.Sum(reason => node.TransportCounters.Drops(reason));
        }

        if (missing > counted)
            judge.Complain($"{missing} Realtime messages did not come, and only {counted} drops were counted");
    }

    /// <summary>What the whole run put onto links, beside what it had to.</summary>
    public void CheckWholePrice()
    {
        var sent = Ways().Sum(way => loop.Network.Counters(way.From, way.To).SentBytes);
        var idle = plan.Links.Length * 2 * SwarmLimits.StormLifeBytesPerSecond * loop.Now.Nanoseconds / 1e9;
        var most = (judge.Tally.OfferedBytes * SwarmLimits.StormByteFactor) + idle;
        if (sent > most)
            judge.Complain($"{sent} bytes went onto links that had {judge.Tally.OfferedBytes} to carry, more than {most:0}");
    }

    /// <summary>A client that is there has one link; one that is not has none, and the node has said of each that it came and went.</summary>
    private void CheckClients()
    {
        foreach (var edge in plan.Clients.GroupBy(client => client.Edge))
        {
            if (loop.Host(edge.Key) is not NodeHost { Node: var node })
                continue;
            var links = node.InspectLinks();
            foreach (var client in edge)
            {
                var standing = links.Count(link => link.Client == client.Id);
                if (standing != (client.Stays ? 1 : 0))
                    judge.Complain($"n{edge.Key + 1} has {standing} links to client {client.Index + 1}, which is {(client.Stays ? "" : "not ")}there");
            }

            if (judge.ClientLinksOf(edge.Key) != links.Count(link => link.Client != ClientId.None))
                judge.Complain($"n{edge.Key + 1} has {links.Count(link => link.Client != ClientId.None)} links to clients and has told of {judge.ClientLinksOf(edge.Key)}");
        }
    }

    private IEnumerable<object> Unfinished() => judge.Streams.Where(ledger => ledger.Outstanding > 0).Concat<object>(judge.Multicasts.Unfinished);

    private void CheckPrice()
    {
        var messages = Messages - _messagesBefore;
        var ends = plan.Flows.Select(flow => (flow.From, flow.To)).Concat(plan.Multicasts.SelectMany(flow => flow.To.Select(to => (flow.From, to))));
        var hops = ends.SelectMany(end => Detours.Of(plan, end.Item1, end.Item2)).Max(route => (int?)route.Length - 1) ?? 0;
        hops = Math.Max(hops, plan.Flows.Max(flow => (int?)plan.RoutesOf(flow).Sum(route => route.Length - 1)) ?? 0);
        var idle = plan.Links.Length * 2 * SwarmLimits.FastDatagramsPerSecond * SwarmLimits.LifeDatagramBytes * SwarmLimits.Proof.Seconds;
        var most = (messages * hops * ((SwarmLimits.CalmByteFactor * AppFlow.ProofSize) + SwarmLimits.CalmBytesPerMessage)) + idle;
        var bytes = Spent().Sum(spent => spent.Bytes);
        if (bytes > most)
            judge.Complain($"{messages} messages of {AppFlow.ProofSize} bytes over up to {hops} hops took {bytes} bytes in a healed overlay, more than {most:0}");
    }

    /// <summary>
    /// Two nodes that seal and had nothing to say learn by the first packets only that one of them has been restarted: what goes before
    /// they have new keys is lost, if it is Realtime.
    /// </summary>
    private Duration SealingOf(SwarmFlow flow) =>
        plan.Seals.Any(seal => seal.OtherOf(flow.From) == flow.To) ? SwarmLimits.NewSeal : Duration.Zero;

    /// <summary>By the slowest of all ways that it may take: a link that has been up for a short while is not trusted yet.</summary>
    private Duration DelayOf(SwarmFlow flow) => Detours.Of(plan, flow.From, flow.To).Select(plan.DelayOf).Max();

    /// <summary>The ways of links that an end still holds fast though nobody says anything: they are on trial after a death.</summary>
    private IEnumerable<(int From, int To)> FastWays()
    {
        for (var place = 0; place < plan.Nodes.Length; place++)
        {
            if (loop.Host(place) is not NodeHost { Node: var node })
                continue;
            foreach (var link in node.InspectLinks().Where(link => link.Pace != LinkPace.Idle && !link.Peer.IsNone))
            {
                yield return (place, link.Peer.Value - 1);
                yield return (link.Peer.Value - 1, place);
            }
        }
    }

    /// <summary>How often each end of each link has changed its keys.</summary>
    private IEnumerable<(int From, int To, uint Generation)> Keys() =>
        from place in Enumerable.Range(0, plan.Nodes.Length)
        let node = (loop.Host(place) as NodeHost)?.Node
        where node is not null
        from link in node.InspectLinks()
        where !link.Peer.IsNone
        select (place, link.Peer.Value - 1, link.KeyGeneration);

    private void Note()
    {
        _before.Clear();
        foreach (var (from, to) in Ways())
            _before.Add((from, to), (loop.Network.Counters(from, to).Sent, loop.Network.Counters(from, to).SentBytes));
    }

    private IEnumerable<(int From, int To, long Datagrams, long Bytes)> Spent() =>
        from way in Ways()
        let now = loop.Network.Counters(way.From, way.To)
        let before = _before[way]
        select (way.From, way.To, now.Sent - before.Datagrams, now.SentBytes - before.Bytes);

    private IEnumerable<(int From, int To)> Ways() =>
        plan.Links.SelectMany(link => new[] { (link.First, link.Second), (link.Second, link.First) });
}
