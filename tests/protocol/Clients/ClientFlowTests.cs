using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Clients;

/// <summary>Flows between a client and its edge begin, carry and end with the link: docs/wire-format.md, sections 6.3 and 7.</summary>
public sealed class ClientFlowTests
{
    private static readonly Duration Second = Duration.FromSeconds(1);

    [Theory]
    [InlineData(ServiceClass.Signal, 100)]
    [InlineData(ServiceClass.Signal, 0)]
    [InlineData(ServiceClass.Bulk, 100_000)]
    [InlineData(ServiceClass.Bulk, WireLimits.MaxMessage)]
    public void AMessageGoesEachWayAndIsConfirmed(ServiceClass serviceClass, int length)
    {
        using var net = new ClientNet();
        var client = net.AddConnected(5, out var place);
        var message = Pattern(length);
        Assert.Equal(OpenResult.Opened, client.Session.OpenStream(serviceClass, 3, out var up));
        Assert.Equal(SendResult.Accepted, client.Session.Send(client.At(net.Now), up, message, out _));
        Assert.Equal(OpenResult.Opened, net.Edge.Clients.OpenStream(place, serviceClass, 3, out var down));
        Assert.Equal(SendResult.Accepted, net.Edge.Clients.Send(net.Now, down, message, out _));
        Assert.True(net.RunUntil(Second * 20, () => client.Received.Count == 1 && net.Received.Count == 1 && client.Events.Count == 1 && net.Events.Count == 1));

        Assert.Equal(message, net.Received[0].Payload);
        Assert.Equal(place, ClientPlace.Of(net.Received[0].Flow));
        Assert.Equal(serviceClass, net.Received[0].Class);
        Assert.Equal(message, client.Received[0].Payload);
        Assert.Equal(new TransportEvent(TransportEventKind.Confirmed, up, default, 1, FlowEndReason.None), client.Events[0]);
        Assert.Equal(new TransportEvent(TransportEventKind.Confirmed, down, default, 1, FlowEndReason.None), net.Events[0]);
        Assert.InRange(net.Edge.Clients.RoundTripTo(place).Milliseconds, 39, 60);
    }

    [Fact]
    public void RealtimeKeepsItsDeadlineAcrossClocksThatAreHoursApart()
    {
        using var net = new ClientNet();
        var client = net.AddConnected(5, out var place, ahead: Duration.FromSeconds(10_000));
        client.Session.OpenRealtime(7, Duration.FromMilliseconds(150), out var up);
        net.Edge.Clients.OpenRealtime(place, 7, Duration.FromMilliseconds(150), out var down);
        var sentAt = net.Now;
        client.Session.Send(client.At(net.Now), up, Pattern(3_000), out _);
        net.Edge.Clients.Send(net.Now, down, Pattern(700), out _);
        Assert.True(net.RunUntil(Second, () => net.Received.Count == 1 && client.Received.Count == 1));

        Assert.Equal(Pattern(3_000), net.Received[0].Payload);
        Assert.Equal(Pattern(700), client.Received[0].Payload);
        Assert.InRange((net.Received[0].Deadline - sentAt).Milliseconds, 125, 175);
        Assert.InRange((client.Received[0].Deadline - client.At(sentAt)).Milliseconds, 125, 175);
        Assert.Equal(0, client.Session.Counters.ReportsSent + net.Edge.Clients.Counters.ReportsSent);
    }

    [Fact]
    public void MessagesOfOneRealtimeFlowHaveDeadlinesOfTheirOwnAndNoneBeyondTheFlows()
    {
        using var net = new ClientNet();
        var client = net.AddConnected(5, out var place);
        net.RunFor(Second);
        net.Edge.Clients.OpenRealtime(place, 3, Second, out var down);
        var sentAt = net.Now;
        Assert.Equal(SendResult.Accepted, net.Edge.Clients.SendUntil(net.Now, down, Pattern(1), net.Now + (Second * 5)));
        Assert.Equal(SendResult.Accepted, net.Edge.Clients.SendUntil(net.Now, down, Pattern(2), net.Now + Duration.FromMilliseconds(5)));
        Assert.Equal(SendResult.Accepted, net.Edge.Clients.SendUntil(net.Now, down, Pattern(3), net.Now + Duration.FromMilliseconds(300)));

        // What waits behind a later one ends in its own time: a flow that is closed is over when its last is.
        net.Edge.Clients.CloseFlow(net.Now, down);
        net.RunFor(Second * 2);

        Assert.Equal([1, 3], client.Received.Select(message => message.Payload.Length));
        Assert.InRange((client.Received[0].Deadline - client.At(sentAt)).Milliseconds, 975, 1_025);
        Assert.InRange((client.Received[1].Deadline - client.At(sentAt)).Milliseconds, 275, 325);
        Assert.Contains(net.Events, happened => happened.Kind == TransportEventKind.FlowClosed);
    }

    [Fact]
    public void WhatIsTooLateIsNotDelivered()
    {
        using var net = new ClientNet();
        var client = net.AddConnected(5, out var place);
        net.RunFor(Second);
        net.Delay = Duration.FromMilliseconds(100);
        net.Edge.Clients.OpenRealtime(place, 7, Duration.FromMilliseconds(50), out var down);
        client.Session.OpenRealtime(7, Duration.FromMilliseconds(50), out var up);
        net.Edge.Clients.Send(net.Now, down, Pattern(50), out _);
        client.Session.Send(client.At(net.Now), up, Pattern(50), out _);
        net.RunFor(Second);

        Assert.Empty(net.Received);
        Assert.Empty(client.Received);
    }

    [Fact]
    public void TheHostHearsOfAClientBeforeItsMessagesAndOfItsEndAfterThem()
    {
        using var net = new ClientNet();
        var client = net.Add(5);
        Assert.True(net.RunUntil(Second, () => client.IsConnected));
        Assert.Empty(net.Told);
        client.Session.OpenStream(ServiceClass.Signal, 0, out var flow);
        for (var i = 0; i < 3; i++)
            client.Session.Send(client.At(net.Now), flow, Pattern(10 + i), out _);
        Assert.True(net.RunUntil(Second, () => net.Received.Count == 3));
        Assert.Equal((NodeEventKind.ClientUp, 0), (net.Told[0].Event.Kind, net.Told[0].Messages));
        Assert.Equal(new ClientGrant(new(5), 0), net.Told[0].Event.Grant);
        Assert.False(net.Told[0].Event.Place.IsNone);

        net.HostSleeps = true;
        client.Session.Send(client.At(net.Now), flow, Pattern(99), out _);
        net.RunFor(Second);
        client.Session.Close();
        net.RunFor(Second);
        Assert.Equal(ClientSessionState.Closed, client.Session.State);
        Assert.Equal(0, net.Edge.LinkCount);
        Assert.Equal(0, net.Count(NodeEventKind.ClientDown));
        net.HostSleeps = false;
        net.PollAll();
        net.PollAll();
        Assert.Equal(4, net.Received.Count);
        Assert.Equal(new NodeEvent(NodeEventKind.ClientDown, NodeId.None, new(5), client.Address, CloseReason.GoingAway) { Place = net.Told[0].Event.Place, Grant = net.Told[0].Event.Grant }, net.Told[^1].Event);
        Assert.Contains(net.Events, happened => happened is { Kind: TransportEventKind.InboundEnded, Reason: FlowEndReason.LinkGone });
    }

    [Fact]
    public void AClientThatGetsAnotherAddressKeepsItsFlows()
    {
        using var net = new ClientNet();
        var client = net.AddConnected(5, out var place);
        client.Session.OpenStream(ServiceClass.Signal, 0, out var up);
        net.Edge.Clients.OpenStream(place, ServiceClass.Signal, 0, out var down);
        for (var move = 0; move < 10; move++)
        {
            client.Address = NetAddress.FromIPv4(0x0A02_0000 + (uint)move, (ushort)(6_000 + move));
            client.Session.Send(client.At(net.Now), up, [(byte)move], out _);
            net.Edge.Clients.Send(net.Now, down, [(byte)move], out _);
            net.RunFor(Duration.FromMilliseconds(move % 3 == 0 ? 5 : 400));
        }

        net.RunFor(Second * 5);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (byte)i), net.Received.Select(message => message.Payload[0]));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (byte)i), client.Received.Select(message => message.Payload[0]));
        Assert.Equal(1, client.Session.LinksMade);
        Assert.Equal(place, net.PlaceOf(client));
        Assert.Single(net.Told);
    }

    [Fact]
    public void AnEdgeThatStartsAgainEndsTheFlowsAndTakesNewOnes()
    {
        using var net = new ClientNet();
        var client = net.AddConnected(5, out _);
        client.Session.OpenStream(ServiceClass.Signal, 0, out var up);
        client.Session.OpenRealtime(0, Second, out var voice);
        client.Session.Send(client.At(net.Now), up, Pattern(10), out _);
        net.RunFor(Second);
        net.RestartEdge();
        client.Session.Send(client.At(net.Now), up, Pattern(11), out _);
        Assert.True(net.RunUntil(Second * 60, () => client.Session.LinksMade == 2 && net.PlaceOf(client) != ClientPlace.None));

        Assert.Contains(new(TransportEventKind.FlowBroken, up, default, 1, FlowEndReason.LinkGone), client.Events);
        Assert.Contains(client.Events, happened => happened.Kind == TransportEventKind.FlowBroken && happened.Flow == voice);
        Assert.Equal(SendResult.Closed, client.Session.Send(client.At(net.Now), up, Pattern(12), out _));
        net.Edge.Clients.OpenStream(net.PlaceOf(client), ServiceClass.Signal, 0, out var down);
        net.Edge.Clients.Send(net.Now, down, Pattern(13), out _);
        client.Session.OpenStream(ServiceClass.Signal, 0, out up);
        client.Session.Send(client.At(net.Now), up, Pattern(14), out _);
        Assert.True(net.RunUntil(Second, () => client.Received.Count == 1 && net.Received.Count == 2));
        Assert.Equal(14, net.Received[^1].Payload.Length);
    }

    [Theory]
    [InlineData(CloseReason.Revoked)]
    [InlineData(CloseReason.GoingAway)]
    public void AClientIsDisconnectedWithAReason(CloseReason reason)
    {
        using var net = new ClientNet();
        var client = net.AddConnected(5, out var place);
        client.Session.OpenStream(ServiceClass.Signal, 0, out var up);
        net.Edge.Clients.OpenStream(place, ServiceClass.Bulk, 0, out var down);
        Assert.True(net.Edge.Clients.Disconnect(place, reason));
        net.PollAll();
        Assert.False(net.Edge.Clients.Disconnect(place, reason));
        Assert.Equal(OpenResult.NoLink, net.Edge.Clients.OpenStream(place, ServiceClass.Bulk, 0, out _));
        Assert.Contains(net.Events, happened => happened.Kind == TransportEventKind.FlowBroken && happened.Flow == down);
        Assert.True(net.RunUntil(Second, () => net.PlaceOf(client) is { IsNone: false } now && now != place));

        Assert.Equal(reason, client.Session.LastEnd);
        Assert.Contains(client.Events, happened => happened.Kind == TransportEventKind.FlowBroken && happened.Flow == up);
        Assert.NotEqual(place, net.PlaceOf(client));
        Assert.Equal(place, net.Told.Find(told => told.Event.Kind == NodeEventKind.ClientDown).Event.Place);
    }

    /// <summary>A client that has given its link up comes again before the edge has noticed: the older link goes at once.</summary>
    [Fact]
    public void TheNextLinkOfASessionEndsTheOneBefore()
    {
        using var net = new ClientNet();
        var client = net.AddConnected(5, out var place);
        client.Session.OpenStream(ServiceClass.Signal, 0, out var up);
        net.RunFor(Second);
        client.IsCut = true;
        client.Session.Send(client.At(net.Now), up, Pattern(10), out _);
        Assert.True(net.RunUntil(Second * 60, () => !client.IsConnected));
        client.IsCut = false;
        Assert.True(net.RunUntil(Second * 60, () => net.PlaceOf(client) is { IsNone: false } now && now != place));
        Assert.Equal(1, net.Edge.LinkCount);
        Assert.Equal(CloseReason.Superseded, net.Told[1].Event.Reason);
    }

    [Fact]
    public void APlaceRestsBeforeItIsGivenAgain()
    {
        using var net = new ClientNet();
        var places = new List<ClientPlace>();
        for (var i = 0; i < 8; i++)
        {
            var client = net.AddConnected(5 + i, out var place);
            places.Add(place);
            client.Session.Close();
            net.RunFor(Second);
        }

        Assert.Equal(new ushort[] { 1, 2, 3, 4, 5, 1, 2, 3 }, places.Select(place => place.Value));
    }

    private static byte[] Pattern(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 7) ^ length))];
}
