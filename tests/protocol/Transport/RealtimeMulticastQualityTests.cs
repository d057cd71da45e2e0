using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>What both ends of a Realtime flow to many count of it for each pair of nodes. docs/wire-format.md, section 7.4.</summary>
public sealed class RealtimeMulticastQualityTests
{
    private static readonly Duration Deadline = Duration.FromMilliseconds(200);

    /// <summary>What goes to others while a destination is out of the audience is no loss of its own, and what the pipe took is, whatever else comes and goes.</summary>
    [Fact]
    public void EachPairCountsWhatWasForItAndNoMore()
    {
        for (var seed = 1UL; seed <= 120; seed++)
            Run(seed);

        static void Run(ulong seed)
        {
            var net = new TransportNet(seed, 2 + (int)(seed % 7), stride: 90);
            var isGood = seed % 3 == 0;
            net.Pipe.Faults = isGood ? PipeFaults.None : PipeFaults.Random(net.Random);
            var (came, sent) = (new long[net.Layers.Length], new long[net.Layers.Length]);
            net.Application = node => came[node] += Take(net, node);
            net.Layers[0].OpenRealtimeMulticast(new EdgeSet(), 5, Deadline, out var flow);
            var audience = new HashSet<int>();
            for (var i = 0; i < 400; i++)
            {
                for (var node = 1; node < net.Layers.Length; node++)
                {
                    if (!net.Random.Chance(0.05))
                        continue;
                    if (audience.Add(node))
                        net.Layers[0].AddDestination(flow, net.EdgeOf(node));
                    else
                        Assert.Equal(audience.Remove(node), net.Layers[0].RemoveDestination(net.Now, flow, net.EdgeOf(node)));
                }

                var packets = net.Random.Below(4) == 0 ? 3 : 1;
                net.Layers[0].Send(net.Now, flow, new byte[packets == 3 ? 3_000 : 100], out _);
                net.RunFor(Duration.FromMilliseconds(net.Random.Below(20)));
                foreach (var node in audience)
                    sent[node] += packets;
            }

            net.Layers[0].Close(net.Now, flow);
            net.RunFor(Duration.FromSeconds(10));
            for (var node = 1; node < net.Layers.Length; node++)
            {
                var (there, here) = (Of(net, 0, node), Of(net, node, 0));
                Assert.True((sent[node], sent[node]) == (there.Offered, there.Sent), $"seed {seed}: {there.Offered} offered and {there.Sent} sent of {sent[node]} to {node}");
                Assert.True(came[node] == here.Delivered, $"seed {seed}: {here.Delivered} of {came[node]} are counted at {node}");
                Assert.True(here.Expected <= sent[node], $"seed {seed}: {here.Expected} expected of {sent[node]} to {node}");
                Assert.True(here.InTime + here.Late <= here.Expected, $"seed {seed}: {here.InTime} + {here.Late} came of {here.Expected} to {node}");
                Assert.True(!isGood || (sent[node], 0) == (here.InTime, here.Late), $"seed {seed}: {here.InTime} of {sent[node]} came in time to {node} over a good pipe");
            }
        }
    }

    /// <summary>An outage counts in whole, also of a flow whose audience has changed not long before.</summary>
    [Theory]
    [InlineData(10, 3)]
    [InlineData(70, 60)]
    [InlineData(300, 200)]
    [InlineData(3_000, 2_000)]
    public void WhatAnOutageTookIsMissing(int before, int during)
    {
        var net = new TransportNet(7, 4, stride: 90) { Application = _ => { } };
        net.Application = node => Take(net, node);
        net.Layers[0].OpenRealtimeMulticast(new EdgeSet(), 5, Deadline, out var flow);
        for (var node = 1; node < 4; node++)
            net.Layers[0].AddDestination(flow, net.EdgeOf(node));
        Send(1);
        net.Layers[0].RemoveDestination(net.Now, flow, net.EdgeOf(2));
        Send(1);
        net.Layers[0].AddDestination(flow, net.EdgeOf(2));
        Send(before);
        net.Reaches = node => node != 1;
        Send(during);
        net.Reaches = _ => true;
        Send(10);

        var all = 2 + before + during + 10;
        Assert.Equal((all, all - during), (Of(net, 1, 0).Expected, Of(net, 1, 0).InTime));
        Assert.Equal((all - 1, all - 1), (Of(net, 2, 0).Expected, Of(net, 2, 0).InTime));
        Assert.Equal((all, all), (Of(net, 3, 0).Expected, Of(net, 3, 0).InTime));

        void Send(int packets)
        {
            for (var i = 0; i < packets; i++)
            {
                net.Layers[0].Send(net.Now, flow, new byte[100], out _);
                net.RunFor(Duration.FromMilliseconds(5));
            }

            net.RunFor(Duration.FromSeconds(1));
        }
    }

    /// <summary>What the origin let go of counts against the end to end share of all that it was for, and against no network.</summary>
    [Fact]
    public void WhatTheOriginLetsGoOfWasOfferedAndNotSent()
    {
        var net = new TransportNet(9, 3, stride: 90) { Application = _ => { } };
        net.Application = node => Take(net, node);
        var edges = new EdgeSet();
        edges.Add(net.EdgeOf(1));
        edges.Add(net.EdgeOf(2));
        net.Layers[0].OpenRealtimeMulticast(edges, 5, Deadline, out var flow);
        net.Layers[0].Send(net.Now, flow, new byte[100], out _);
        net.FlushAll();
        for (var i = 0; i < TransportLimits.RealtimeQueueSegments + 7; i++)
            net.Layers[0].Send(net.Now, flow, new byte[8], out _);
        net.RunFor(Duration.FromSeconds(1));
        net.Layers[0].Close(net.Now, flow);
        foreach (var node in new[] { 1, 2 })
        {
            var (there, here) = (Of(net, 0, node), Of(net, node, 0));
            Assert.Equal((TransportLimits.RealtimeQueueSegments + 8, TransportLimits.RealtimeQueueSegments + 1), (there.Offered, there.Sent));
            Assert.Equal((there.Offered, there.Sent), (here.Expected, here.InTime));
        }
    }

    /// <summary>A flow that goes on tells of itself every few seconds, however slow it is.</summary>
    [Fact]
    public void WhatGoesToManyIsToldOfWhileTheFlowGoesOn()
    {
        var net = new TransportNet(11, 2, stride: 90) { Application = _ => { } };
        var edges = new EdgeSet();
        edges.Add(net.EdgeOf(1));
        net.Layers[0].OpenRealtimeMulticast(edges, 5, Deadline, out var flow);
        for (var second = 0; second < 60; second++)
        {
            net.Layers[0].Send(net.Now, flow, new byte[100], out _);
            net.RunFor(Duration.FromSeconds(1));
            Assert.InRange(net.Layers[0].InspectPairs(net.Now).Sum(pair => pair.Sent), second - 6, second + 1);
        }
    }

    private static PairStatus Of(TransportNet net, int node, int other) =>
        net.Layers[node].InspectPairs(net.Now).SingleOrDefault(pair => pair.Peer == TransportNet.IdOf(other));

    private static int Take(TransportNet net, int node)
    {
        var packets = 0;
        while (net.Layers[node].TryReceive(net.Now, out var message))
            packets += message.Payload.Length > 1_200 ? 3 : 1;
        return packets;
    }
}
