using System.Buffers.Binary;
using System.Collections.Immutable;
using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// Holds Realtime flows to many against their promise: what comes to an edge was for it, comes once in each of its lives, unchanged
/// and never late; and over healed links it does come.
/// </summary>
internal sealed class RealtimeMulticastJudge(SwarmJudge judge, SwarmPlan plan, Func<MonoTime> now)
{
    private readonly List<RealtimeMulticastLedger> _uses = [];
    private byte[] _expected = new byte[4_096];

    /// <summary>
    /// How late a packet may come by the errors of clock offsets: it may pass as many nodes as its hop budget allows, each by its own table.
    /// </summary>
    private Duration Allowance => (Worst(link => (link.Forth + link.Back) / 2) + SwarmLimits.DriftAllowance + SwarmLimits.RoundingAllowance) * MulticastPlanner.MaxHops
        + plan.Nodes.Aggregate(Duration.Zero, (sum, node) => sum + plan.LongestPause(node.Place));

    public MulticastUse OnOpened(SwarmMulticast flow, BootEpoch life)
    {
        var use = new MulticastUse((uint)_uses.Count, flow, life);
        _uses.Add(new RealtimeMulticastLedger(use, Allowance));
        judge.Tell($"{use} opens");
        return use;
    }

    public void OnAccepted(MulticastUse use, int size, uint places)
    {
        _uses[(int)use.Number].Accept(now(), size, places);
        foreach (var place in use.Flow.To)
        {
            if ((places & (1u << place)) == 0)
                continue;
            judge.Tally.RealtimeMulticastsAccepted++;
            judge.Tally.OfferedBytes += (long)(size + SwarmLimits.BytesAroundMessage) * Math.Max(1, plan.RouteOf(use.Flow.From, place).Length - 1);
        }
    }

    public void OnDelivered(int place, BootEpoch life, FlowId flow, ReadOnlySpan<byte> payload)
    {
        judge.Tally.RealtimeMulticastsDelivered++;
        var use = payload.Length < MulticastJudge.Head ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(payload);
        if (use >= _uses.Count)
        {
            judge.Complain($"n{place + 1} got a Realtime message of {payload.Length} bytes from {flow} that nobody sent to many");
            return;
        }

        var ledger = _uses[(int)use];
        var index = BinaryPrimitives.ReadUInt64LittleEndian(payload[sizeof(uint)..]);
        if (ledger.Use.Life != flow.Epoch || SwarmPlan.IdOf(ledger.Use.Flow.From) != flow.Origin)
            judge.Complain($"n{place + 1} got a Realtime message of {ledger.Use} from {flow}");
        else if (ledger.Deliver(now(), place, life, index, payload.Length) is { } wrong)
            judge.Complain(wrong);
        else if (!MulticastJudge.IsContent(payload, use, index, ref _expected))
            judge.Complain($"{ledger.Use}: Realtime message {index} of {payload.Length} bytes came changed");
    }

    /// <summary>Of what was sent since then, all but one in ten has come to each place, where the slowest way leaves the time.</summary>
    public void CheckProof(MonoTime then)
    {
        foreach (var ledger in _uses.Where(ledger => ledger.Use.Life == judge.LifeOf(ledger.Use.Flow.From)))
        {
            foreach (var place in ledger.Use.Flow.To)
            {
                var needed = NeededTo(ledger.Use.Flow.From, place);
                if (ledger.Use.Flow.Deadline < needed)
                    continue;
                var (sent, delivered) = ledger.Since(then, place);
                judge.Tally.RealtimeMulticastsProven += delivered;
                if (delivered < sent - (sent / 10))
                    judge.Complain($"{ledger.Use}: {delivered} of {sent} messages came to n{place + 1} over healed links, which need {needed} of the deadline of {ledger.Use.Flow.Deadline}");
            }
        }
    }

    /// <summary>How much of a deadline the way takes, or any that local repair may take instead.</summary>
    private Duration NeededTo(int from, int to) =>
        Detours.Of(plan, from, to).Append(WayTo(from, to)).Select(way => plan.DelayOf(way) + ClockError.Of(plan, way)).Max() + SwarmLimits.ProofSlack;

    /// <summary>By each node's own route, as every node on the way splits the set of edges by that.</summary>
    private ImmutableArray<int> WayTo(int from, int to)
    {
        List<int> way = [from];
        while (way[^1] != to)
            way.Add(plan.RouteOf(way[^1], to) is { IsEmpty: false } route ? route[1] : to);
        return [.. way];
    }

    private Duration Worst(Func<SwarmLink, Duration> of) => plan.Links.Aggregate(Duration.Zero, (worst, link) => Duration.Max(worst, of(link)));
}
