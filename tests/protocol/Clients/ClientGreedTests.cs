using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Clients;

/// <summary>A client that floods, lies or goes silent costs nobody else anything, and is heard by nobody but the edge's host.</summary>
public sealed class ClientGreedTests
{
    private static readonly Duration Second = Duration.FromSeconds(1);

    /// <summary>Memory for clients that a few who are greedy would fill.</summary>
    private static readonly TransportOptions Small = ClientLimits.AtEdge with { ReceiveMemory = 16L << 20, SendMemory = 16L << 20, JoinMemory = 4L << 20 };

    [Theory]
    [InlineData(0x1C)]
    [InlineData(0x5C)]
    [InlineData(0xDC)]
    public void WhatIsNoClientsPacketIsCountedAndReachesNobody(byte kind)
    {
        using var net = new ClientNet();
        using var liar = new LyingClient(net, 9);
        byte[] route = [kind, 5, 0x01, 0, 9, 0, 1, 0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        liar.Say(ServiceClass.Signal, route, route);
        liar.Say(ServiceClass.Control, [0x9C, 0x70, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(3, net.Edge.Drops[DropReason.UnsupportedKind]);
        Assert.Equal(0, net.Edge.TransportCounters.PacketsReceived);
        Assert.Equal(0, net.Edge.PathCounters.PacketsIn(ServiceClass.Signal));
        Assert.Equal(0, net.Edge.Clients.Counters.PacketsReceived);
    }

    [Fact]
    public void AClientHasItsFlowsAndNoMore()
    {
        using var net = new ClientNet();
        using var liar = new LyingClient(net, 9);
        for (var flow = 0u; flow < 500; flow++)
            liar.Say(ServiceClass.Signal, LyingClient.Segment(flow, 0, MessagePart.Of(0, 1, 5), 5));
        Assert.Equal(ClientLimits.InboundFlowsPerClient, net.Received.Count);
        Assert.Equal(500 - ClientLimits.InboundFlowsPerClient, net.Edge.Clients.Counters.Drops(TransportDrop.TooManyFlows));
        Exchange(net, net.AddConnected(5, out var place), place);
    }

    /// <summary>They begin the longest messages, and never finish one.</summary>
    [Fact]
    public void ClientsThatHoldMemoryLeaveEnoughForOthers()
    {
        using var net = new ClientNet(change: options => options with { ClientTransport = Small });
        var liars = Enumerable.Range(10, 60).Select(id => new LyingClient(net, id)).ToList();
        foreach (var liar in liars)
        {
            for (var flow = 0u; flow < 8; flow++)
            {
                liar.Say(ServiceClass.Signal, LyingClient.Segment(flow, 0, MessagePart.Of(0, 800, 800 * WireLimits.MaxSegment), WireLimits.MaxSegment));
                for (var ahead = 2u; ahead < 40; ahead++)
                    liar.Say(ServiceClass.Signal, LyingClient.Segment(flow, ahead, MessagePart.Of(1, 800, 800 * WireLimits.MaxSegment), WireLimits.MaxSegment));
            }
        }

        for (var turn = 0; turn < 50; turn++)
        {
            net.RunFor(Duration.FromMilliseconds(10));
            liars.ForEach(liar => liar.Live());
        }

        Assert.True(net.Edge.Clients.ReceiveMemoryInUse > 3 << 20, $"They hold {net.Edge.Clients.ReceiveMemoryInUse} bytes only: no greed.");
        Exchange(net, net.AddConnected(5, out var place), place);
        liars.ForEach(liar => liar.Dispose());
    }

    [Fact]
    public void ClientsThatTakeNothingLeaveEnoughForOthers()
    {
        using var net = new ClientNet(change: options => options with { ClientTransport = Small, ClientPacketMemory = 1 << 20 });
        var message = new byte[20_000];
        var full = 0;
        for (var id = 10; id < 70; id++)
        {
            var client = net.AddConnected(id, out var place);
            client.IsCut = true;
            net.Edge.Clients.OpenStream(place, ServiceClass.Signal, 7, out var flow);
            net.Edge.Clients.OpenRealtime(place, 7, Second * 10, out var voice);
            for (var i = 0; i < 300; i++)
            {
                full += net.Edge.Clients.Send(net.Now, flow, message, out _) == SendResult.WouldBlock ? 1 : 0;
                net.Edge.Clients.Send(net.Now, voice, message, out _);
            }

            net.PollAll();
        }

        Assert.True(full > 60 && net.Edge.Clients.SendMemoryInUse > 12 << 20, $"They hold {net.Edge.Clients.SendMemoryInUse} bytes only: no greed.");
        Exchange(net, net.AddConnected(5, out var healthy), healthy);
    }

    /// <summary>A flow that found no room is told when there is some, even though others still hold most of it.</summary>
    [Fact]
    public void WhoFindsNoRoomIsToldWhenThereIsSome()
    {
        using var net = new ClientNet(change: options => options with { ClientTransport = Small });
        net.AddConnected(9, out var stuck).IsCut = true;
        net.Edge.Clients.OpenStream(stuck, ServiceClass.Signal, 7, out var held);
        while (net.Edge.Clients.Send(net.Now, held, new byte[50_000], out _) == SendResult.Accepted)
        {
        }

        var client = net.AddConnected(5, out var place);
        net.Edge.Clients.OpenStream(place, ServiceClass.Signal, 7, out var first);
        net.Edge.Clients.OpenStream(place, ServiceClass.Signal, 7, out var second);
        var (sent, turns) = (0, 0);
        Fill(first);
        Fill(second);
        var done = net.RunUntil(Second * 60, () =>
        {
            var writable = net.Events.Where(happened => happened.Kind == TransportEventKind.FlowWritable).Select(happened => happened.Flow).ToList();
            net.Events.Clear();
            writable.ForEach(Fill);
            return client.Received.Count == 400;
        });
        Assert.True(done, $"{client.Received.Count} of {sent} messages came, after {turns} turns.");
        Assert.True(turns > 2, $"It found no room {turns} times only.");

        void Fill(FlowHandle flow)
        {
            while (sent < 400 && net.Edge.Clients.Send(net.Now, flow, new byte[50_000], out _) == SendResult.Accepted)
                sent++;
            turns += sent < 400 ? 1 : 0;
        }
    }

    /// <summary>Acknowledges nothing that it is sent, and shows life all the time.</summary>
    [Fact]
    public void AClientThatAcknowledgesNothingIsGivenUp()
    {
        using var net = new ClientNet();
        using var liar = new LyingClient(net, 9);
        var place = net.Told[0].Event.Place;
        net.Edge.Clients.OpenStream(place, ServiceClass.Signal, 0, out var flow);
        liar.IsDeaf = true;
        for (var i = 0; i < 60 && net.Count(NodeEventKind.ClientDown) == 0; i++)
        {
            net.Edge.Clients.Send(net.Now, flow, new byte[1_000], out _);
            liar.Live();
            net.RunFor(Second);
        }

        Assert.Equal(place, net.Told[^1].Event.Place);
        Assert.Equal(NodeEventKind.ClientDown, net.Told[^1].Event.Kind);
        Assert.Equal(0, net.Edge.Clients.SendMemoryInUse);
        Assert.Equal(0, net.Edge.Clients.PacketMemoryInUse);
    }

    /// <summary>An honest client has the service that it would have alone.</summary>
    private static void Exchange(ClientNet net, ClientEnd client, ClientPlace place)
    {
        var before = net.Received.Count;
        client.Session.OpenStream(ServiceClass.Signal, 0, out var up);
        net.Edge.Clients.OpenStream(place, ServiceClass.Signal, 0, out var down);
        client.Session.OpenRealtime(0, Second, out var voiceUp);
        net.Edge.Clients.OpenRealtime(place, 0, Second, out var voiceDown);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(SendResult.Accepted, client.Session.Send(client.At(net.Now), up, new byte[3_000 + i], out _));
            Assert.Equal(SendResult.Accepted, net.Edge.Clients.Send(net.Now, down, new byte[3_000 + i], out _));
            Assert.Equal(SendResult.Accepted, client.Session.Send(client.At(net.Now), voiceUp, new byte[2_000 + i], out _));
            Assert.Equal(SendResult.Accepted, net.Edge.Clients.Send(net.Now, voiceDown, new byte[2_000 + i], out _));
            net.PollAll();
            net.RunFor(Duration.FromMilliseconds(60));
        }

        net.RunFor(Duration.FromMilliseconds(200));
        Assert.Equal(40, net.Received.Skip(before).Count(message => ClientPlace.Of(message.Flow) == place));
        Assert.Equal(40, client.Received.Count);
    }
}
