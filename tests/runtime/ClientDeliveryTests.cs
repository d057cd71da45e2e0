using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Runtime.Tests;

/// <summary>A driver's host is told of its clients, their messages and their flows, in that order, over real sockets.</summary>
public sealed class ClientDeliveryTests : IClientTokenVerifier
{
    private const int Messages = 300;

    [Fact]
    public async Task AClientAndTheHostExchangeMessages()
    {
        var told = new List<NodeEventKind>();
        var heard = new List<int>();
        var (confirmed, ended, gone) = (NewSource(), NewSource(), NewSource());
        FlowHandle back = default;
        using var edge = new TestNode(
            1,
            new()
            {
                NodeEvent = happened =>
                {
                    told.Add(happened.Kind);
                    if (happened is { Kind: NodeEventKind.ClientDown, Reason: CloseReason.GoingAway })
                        gone.TrySetResult();
                },
                ClientMessage = (Node node, MonoTime now, in ReceivedMessage message) =>
                {
                    Assert.Equal([NodeEventKind.ClientUp], told);
                    if (back.IsNone)
                        Assert.Equal(OpenResult.Opened, node.Clients.OpenStream(ClientPlace.Of(message.Flow), ServiceClass.Signal, 4, out back));
                    heard.Add(BitConverter.ToInt32(message.Payload));
                    Assert.Equal(SendResult.Accepted, node.Clients.Send(now, back, message.Payload, out _));
                },
                ClientEvent = happened =>
                {
                    if (happened is { Kind: TransportEventKind.Confirmed, Messages: Messages })
                        confirmed.TrySetResult();
                    if (happened is { Kind: TransportEventKind.InboundEnded, Reason: FlowEndReason.LinkGone })
                        ended.TrySetResult();
                },
            },
            clientTokens: this);
        var echoed = new List<int>();
        var options = new ClientSessionOptions { EdgeKey = edge.PublicKey, EdgeAddress = edge.Driver.LocalAddress, Token = "good"u8.ToArray() };
        using (new ClientOnSocket(options, Serve))
            await confirmed.Task.WaitAsync(TestNode.Bound);
        await Task.WhenAll(ended.Task, gone.Task).WaitAsync(TestNode.Bound);

        Assert.Equal(Enumerable.Range(0, Messages), heard);
        Assert.Equal(heard, echoed);
        Assert.Equal([NodeEventKind.ClientUp, NodeEventKind.ClientDown], told);

        void Serve(ClientSession session, MonoTime now)
        {
            if (session is { LinksMade: 1, Counters.MessagesAccepted: 0 })
            {
                Assert.Equal(OpenResult.Opened, session.OpenStream(ServiceClass.Signal, 4, out var flow));
                for (var i = 0; i < Messages; i++)
                    Assert.Equal(SendResult.Accepted, session.Send(now, flow, BitConverter.GetBytes(i), out _));
            }

            while (session.TryReceive(now, out var message))
                echoed.Add(BitConverter.ToInt32(message.Payload));
        }
    }

    public bool TryVerify(ReadOnlySpan<byte> token, out ClientGrant grant)
    {
        grant = new(new(9), 0);
        return token.SequenceEqual("good"u8);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
