using WeCan.Contracts;
using WeCan.Lab.Wan;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Recovery;

/// <summary>
/// A Realtime flow of 1,200 byte messages at an even pace over one bad path, from a cold start and with the options
/// that ship. The same case and seed give the same result.
/// </summary>
public static class RecoveryRun
{
    private const ushort Port = 4_000;
    private const int PlainPacket = RecoverySource.MessageSize + WanLimits.IpUdpHeader;
    private const double MaxDriftPpm = 50;

    private static readonly Duration LinksUpWithin = Duration.FromSeconds(30);
    private static readonly Duration Tail = Duration.FromSeconds(1);

    public static RecoveryResult Execute(RecoveryCase one, ulong seed, int seconds = 60)
    {
        ArgumentNullException.ThrowIfNull(one);
        var scenario = Scenario.Parse(one.ScenarioText(), one.Name);
        using var loop = new SimulationLoop(scenario, new() { Seed = seed, MaxDriftPpm = MaxDriftPpm });
        var random = DeterministicRandom.FromNumber(seed);
        var keys = one.HostNames.Select(_ => P256KeyPair.Generate(random)).ToArray();
        try
        {
            return Execute(loop, one, keys, seconds);
        }
        finally
        {
            foreach (var key in keys)
                key.Dispose();
        }
    }

    private static RecoveryResult Execute(SimulationLoop loop, RecoveryCase one, P256KeyPair[] keys, int seconds)
    {
        var last = one.Hops;
        for (var place = 0; place <= last; place++)
            loop.AddHost(place, Port, context => MakeHost(context, loop, one, keys));
        var nodes = Enumerable.Range(0, last + 1).Select(place => NodeOf(loop.Host(place)!)).ToArray();
        var up = loop.RunUntil(MonoTime.Zero + LinksUpWithin, () => nodes.All(node => IsUp(node, last)));
        if (!up)
            throw new InvalidOperationException($"{one.Name}: the links are not up after {LinksUpWithin}; {loop.Position}");
        var messages = seconds * one.PerSecond;
        loop.Call<RecoverySource>(0, (source, now) => source.Begin(now, IdOf(last), messages));
        loop.RunFor(Duration.FromSeconds(seconds) + Tail);
        return Judge(loop, one, messages);
    }

    private static ISimHost MakeHost(SimHostContext context, SimulationLoop loop, RecoveryCase one, P256KeyPair[] keys)
    {
        var node = new Node(
            new() { Id = IdOf(context.Host), Epoch = context.Epoch, Key = keys[context.Host] },
            DeterministicRandom.FromNumber(context.Seed));
        for (var other = context.Host - 1; other <= context.Host + 1; other += 2)
        {
            if (other >= 0 && other <= one.Hops)
                node.TryAddPeer(context.Now, IdOf(other), keys[other].PublicKey, other > context.Host ? loop.Network.Scenario.Hosts[other].Address(Port) : NetAddress.None);
        }

        if (context.Host > 0)
            return new RecoverySink(node);
        if (!node.TrySetRoute([.. Enumerable.Range(0, one.Hops + 1).Select(IdOf)]))
            throw new InvalidOperationException($"{one.Name}: the node refuses the route.");
        return new RecoverySource(node, one);
    }

    private static NodeId IdOf(int place) => new((ushort)(place + 1));

    private static Node NodeOf(ISimHost host) => host is RecoverySource source ? source.Node : ((RecoverySink)host).Node;

    private static bool IsUp(Node node, int last)
    {
        var ends = node.Options.Id == IdOf(0) || node.Options.Id == IdOf(last);
        return node.InspectLinks().Count >= (ends ? 1 : 2);
    }

    private static RecoveryResult Judge(SimulationLoop loop, RecoveryCase one, int messages)
    {
        var source = (RecoverySource)loop.Host(0)!;
        var sink = (RecoverySink)loop.Host(one.Hops)!;
        if (source.SentAt.Count != messages)
            throw new InvalidOperationException($"{one.Name}: {source.SentAt.Count} of {messages} messages were sent; {loop.Position}");
        var delays = new List<Duration>(messages);
        foreach (var (index, at) in sink.Arrivals)
            delays.Add(loop.Clock(one.Hops).ToTrue(at) - loop.Clock(0).ToTrue(source.SentAt[index]));
        var inTime = delays.Count(delay => delay <= one.Deadline);
        var most = Enumerable.Range(0, one.Hops).Max(hop => loop.Network.Counters(hop, hop + 1).SentBytes);
        return new(messages, messages - inTime, most / ((double)messages * PlainPacket), delays);
    }
}
