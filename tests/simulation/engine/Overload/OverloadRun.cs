using WeCan.Contracts;
using WeCan.Lab.Wan;
using WeCan.Protocol;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Overload;

/// <summary>
/// Realtime flows that together may be more than their way carries, between nodes with the options that ship. The same
/// path, flows and seed give the same result.
/// </summary>
public static class OverloadRun
{
    /// <summary>What a message takes on the wire, all heads included, where nothing is repaired.</summary>
    public const int WireBytes = 1_100;

    private const ushort Port = 4_000;

    private static readonly Duration LinksUpWithin = Duration.FromSeconds(5);
    private static readonly Duration Settling = Duration.FromSeconds(3);
    private static readonly Duration Tail = Duration.FromSeconds(1);
    private static readonly Duration SampleEvery = Duration.FromMilliseconds(5);
    private static readonly Duration Deadline = Duration.FromMilliseconds(200);

    public static OverloadResult Execute(OverloadPath path, IReadOnlyList<OverloadFlow> flows, ulong seed, int seconds = 10)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(flows);
        using var loop = new SimulationLoop(Scenario.Parse(path.Scenario, "overload"), new() { Seed = seed });
        var random = DeterministicRandom.FromNumber(seed);
        var keys = Enumerable.Range(0, path.Hops + 1).Select(_ => P256KeyPair.Generate(random)).ToArray();
        try
        {
            for (var host = 0; host <= path.Hops; host++)
                loop.AddHost(host, Port, context => MakeHost(context, loop, path, keys));
            return Execute(loop, path, flows, Duration.FromSeconds(seconds));
        }
        finally
        {
            foreach (var key in keys)
                key.Dispose();
        }
    }

    private static OverloadHost MakeHost(SimHostContext context, SimulationLoop loop, OverloadPath path, P256KeyPair[] keys)
    {
        var node = new Node(
            new() { Id = IdOf(context.Host), Epoch = context.Epoch, Key = keys[context.Host] },
            DeterministicRandom.FromNumber(context.Seed));
        for (var other = context.Host - 1; other <= context.Host + 1; other += 2)
        {
            if (other >= 0 && other <= path.Hops)
                node.TryAddPeer(context.Now, IdOf(other), keys[other].PublicKey, other > context.Host ? loop.Network.Scenario.Hosts[other].Address(Port) : NetAddress.None);
        }

        if (context.Host == 0 && !node.TrySetRoute([.. Enumerable.Range(0, path.Hops + 1).Select(IdOf)]))
            throw new InvalidOperationException("The node refuses the route.");
        return new(node, context.Seed);
    }

    private static OverloadResult Execute(SimulationLoop loop, OverloadPath path, IReadOnlyList<OverloadFlow> flows, Duration time)
    {
        loop.RunFor(LinksUpWithin);
        var perSecond = path.RateMbps * 1e6 / 8 / WireBytes;
        foreach (var flow in flows)
        {
            loop.Call<OverloadHost>(0, (host, now) =>
                host.Begin(now, IdOf(path.Hops), flow.Priority, Deadline, Duration.FromNanoseconds((long)(1e9 / (perSecond * flow.Load)))));
        }

        loop.RunFor(Settling);
        var from = loop.Now;
        var waits = new List<double>();
        while (loop.Now < from + time)
        {
            loop.RunFor(SampleEvery);
            waits.Add(loop.Network.Backlog(path.Narrow, path.Narrow + 1).Milliseconds);
        }

        var until = loop.Now;
        loop.Call<OverloadHost>(0, (host, _) => host.End());
        loop.RunFor(Tail);
        waits.Sort();
        var (source, sink) = ((OverloadHost)loop.Host(0)!, (OverloadHost)loop.Host(path.Hops)!);
        var (sent, came) = (new long[flows.Count], new long[flows.Count]);
        foreach (var (flow, at) in source.Sent)
            sent[flow] += IsMeasured(at) ? 1 : 0;
        foreach (var arrival in sink.Arrivals)
            came[arrival.Flow] += IsMeasured(arrival.SentAt) && IsInTime(arrival) ? 1 : 0;
        return new(
            [.. sent.Select((count, flow) => (double)came[flow] / count)],
            came.Sum() / (perSecond * time.Seconds),
            waits[waits.Count / 2],
            waits[waits.Count * 99 / 100],
            source.Sent.Count - sink.Arrivals.Count - CountDrops(loop, path));

        bool IsMeasured(MonoTime sentAt) => loop.Clock(0).ToTrue(sentAt) is var at && at >= from && at < until;

        bool IsInTime(OverloadHost.Arrival arrival) =>
            loop.Clock(path.Hops).ToTrue(arrival.At) - loop.Clock(0).ToTrue(arrival.SentAt) <= Deadline;
    }

    private static long CountDrops(SimulationLoop loop, OverloadPath path)
    {
        DropReason[] ofLinks = [DropReason.Expired, DropReason.Shed, DropReason.QueueFull, DropReason.UselessRepair];
        TransportDrop[] ofTransport = [TransportDrop.ExpiredBeforeSending, TransportDrop.SendQueueFull, TransportDrop.GaveWay, TransportDrop.Late];
        var count = 0L;
        for (var host = 0; host <= path.Hops; host++)
        {
            var node = ((OverloadHost)loop.Host(host)!).Node;
            count += ofLinks.Sum(reason => node.Drops[reason]) + ofTransport.Sum(node.TransportCounters.Drops);
        }

        return count;
    }

    private static NodeId IdOf(int host) => new((ushort)(host + 1));
}
