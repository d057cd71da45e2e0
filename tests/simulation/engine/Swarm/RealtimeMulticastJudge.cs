using System.Buffers.Binary;
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
    /// A packet may pass as many nodes as its hop budget allows, each by its own table: how late it may come by the errors of clock offsets
    /// there, and how long it takes.
    /// </summary>
    private Duration Allowance => (Worst(link => (link.Forth + link.Back) / 2) + SwarmLimits.DriftAllowance + SwarmLimits.RoundingAllowance) * MulticastPlanner.MaxHops
        + plan.Nodes.Aggregate(Duration.Zero, (sum, node) => sum + plan.LongestPause(node.Place));

    private Duration SlowestWay => Worst(link => Duration.Max(link.Forth, link.Back)) * MulticastPlanner.MaxHops;

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
        var needed = SlowestWay + Allowance + SwarmLimits.ProofSlack;
        foreach (var ledger in _uses.Where(ledger => ledger.Use.Life == judge.LifeOf(ledger.Use.Flow.From) && ledger.Use.Flow.Deadline >= needed))
        {
            foreach (var place in ledger.Use.Flow.To)
            {
                var (sent, delivered) = ledger.Since(then, place);
                judge.Tally.RealtimeMulticastsProven += delivered;
                if (delivered < sent - (sent / 10))
                    judge.Complain($"{ledger.Use}: {delivered} of {sent} messages came to n{place + 1} over healed links, which need {needed} of the deadline of {ledger.Use.Flow.Deadline}");
            }
        }
    }

    private Duration Worst(Func<SwarmLink, Duration> of) => plan.Links.Aggregate(Duration.Zero, (worst, link) => Duration.Max(worst, of(link)));
}
