using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>Holds multicast flows against their promise: to every destination what a stream would bring, or an event that it was lost.</summary>
internal sealed class MulticastJudge(SwarmJudge judge, SwarmPlan plan, Func<MonoTime> now)
{
    /// <summary>The use, then the message's number in the flow.</summary>
    public const int Head = sizeof(uint) + sizeof(ulong);

    private readonly List<(MulticastLedger Ledger, MonoTime OpenedAt, HashSet<int> Lost)> _uses = [];
    private byte[] _expected = new byte[4_096];

    /// <summary>Who is told of flows of class Realtime.</summary>
    public RealtimeMulticastJudge Realtime { get; } = new(judge, plan, now);

    /// <summary>Messages of living flows that are accepted and not confirmed.</summary>
    public long Outstanding => _uses.Sum(use => use.Ledger.Outstanding);

    public IEnumerable<MulticastLedger> Unfinished => _uses.Select(use => use.Ledger).Where(ledger => ledger.Outstanding > 0);

    public MulticastUse OnOpened(SwarmMulticast flow, BootEpoch life)
    {
        var use = new MulticastUse((uint)_uses.Count, flow, life);
        _uses.Add((new MulticastLedger(use), now(), []));
        judge.Tell($"{use} opens");
        return use;
    }

    public void OnAccepted(MulticastUse use, int size, uint places)
    {
        _uses[(int)use.Number].Ledger.Accept(size, places);
        foreach (var place in use.Flow.To)
        {
            if ((places & (1u << place)) == 0)
                continue;
            judge.Tally.MulticastsAccepted++;
            judge.Tally.OfferedBytes += (long)(size + SwarmLimits.BytesAroundMessage) * (plan.RouteOf(use.Flow.From, place).Length - 1);
        }
    }

    public void OnConfirmed(MulticastUse use, ulong messages)
    {
        var (ledger, openedAt, lost) = _uses[(int)use.Number];
        if (ledger.Confirm(messages, place => judge.StartedAt(place) <= openedAt && !lost.Contains(place)) is { } wrong)
            judge.Complain(wrong);
    }

    /// <summary>What was accepted for a place before may never come to it now.</summary>
    public void OnTakenOut(MulticastUse use, int place)
    {
        judge.Tally.DestinationsTakenOut++;
        _uses[(int)use.Number].Ledger.TakeOut(place);
    }

    public void OnLost(MulticastUse use, int place, FlowEndReason reason)
    {
        judge.Tell($"{use} lost n{place + 1}: {reason}");
        judge.Tally.DestinationsLost++;
        _uses[(int)use.Number].Lost.Add(place);
        if (judge.StartedAt(place) < _uses[(int)use.Number].OpenedAt || reason is FlowEndReason.TooSlow or FlowEndReason.Unreachable)
            judge.Complain($"{use} lost n{place + 1}: {reason}, which last started at {judge.StartedAt(place)}");
    }

    public void OnDelivered(int place, BootEpoch life, FlowId flow, ServiceClass serviceClass, ulong number, ReadOnlySpan<byte> payload)
    {
        judge.Tally.MulticastsDelivered++;
        var use = payload.Length < Head ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(payload);
        if (use >= _uses.Count)
        {
            judge.Complain($"n{place + 1} got a multicast of {payload.Length} bytes from {flow} that nobody sent");
            return;
        }

        var (ledger, openedAt, _) = _uses[(int)use];
        var index = BinaryPrimitives.ReadUInt64LittleEndian(payload[sizeof(uint)..]);
        if (ledger.Use.Life != flow.Epoch || SwarmPlan.IdOf(ledger.Use.Flow.From) != flow.Origin || ledger.Use.Flow.Class != serviceClass)
            judge.Complain($"n{place + 1} got a multicast {serviceClass} of {ledger.Use} from {flow}");
        else if (ledger.Deliver(place, life, judge.StartedAt(place) <= openedAt, number, index, payload.Length) is { } wrong)
            judge.Complain(wrong);
        else if (!IsContent(payload, use, index, ref _expected))
            judge.Complain($"{ledger.Use}: message {index} of {payload.Length} bytes came changed");
    }

    public void OnDied(int place)
    {
        foreach (var (ledger, _, _) in _uses)
        {
            if (ledger.Use.Flow.From == place)
                ledger.End();
        }
    }

    public static void Fill(Span<byte> message, uint use, ulong index)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(message, use);
        BinaryPrimitives.WriteUInt64LittleEndian(message[sizeof(uint)..], index);
        var pattern = SwarmContent.Word(use, index, ulong.MaxValue - 1);
        for (var i = Head; i < message.Length; i++)
            message[i] = (byte)((pattern >> (8 * (i & 7))) + (ulong)(i >> 3));
    }

    public static bool IsContent(ReadOnlySpan<byte> payload, uint use, ulong index, ref byte[] scratch)
    {
        if (scratch.Length < payload.Length)
            Array.Resize(ref scratch, payload.Length * 2);
        var expected = scratch.AsSpan(0, payload.Length);
        Fill(expected, use, index);
        return payload.SequenceEqual(expected);
    }
}
