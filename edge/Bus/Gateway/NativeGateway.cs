using System.Text;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Edge.Bus.Sessions;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.MessageBus.Protocol.Tokens;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;
using WeCan.Runtime;

namespace WeCan.Edge.Bus.Gateway;

/// <summary>
/// Clients on native access: a host of the edge's node, whose links to clients carry connections of the bus, each over a Signal flow in
/// either direction. All on the loop's thread.
/// </summary>
internal sealed class NativeGateway(BusCore core, GatewayTokens tokens, Func<UnixTime> clock, ILogger log) : IOverlayHost
{
    /// <summary>Tokens are looked at so often whether they have ended.</summary>
    private static readonly Duration TokenCheck = Duration.FromSeconds(1);

    private const byte Priority = 3;

    private readonly Dictionary<ClientPlace, GatewayClient> _clients = [];
    private readonly Dictionary<FlowHandle, GatewayClient> _flows = [];
    private readonly PriorityQueue<GatewayClient, MonoTime> _wakes = new();
    private readonly PriorityQueue<GatewayClient, long> _ends = new();
    private readonly List<GatewayClient> _ready = [];
    private MonoTime _checkAt = MonoTime.Never;
    private Node? _node;

    /// <summary>Past when another gateway's clients, or another edge, have said something to this one's.</summary>
    public MonoTime NextTimeout => _ready.Count > 0 ? MonoTime.Zero : MonoTime.Min(core.NextTimeout, MonoTime.Min(MonoTime.Min(_checkAt, tokens.Clients.NextTimeout), _wakes.TryPeek(out _, out var at) ? at : MonoTime.Never));

    /// <summary>Clients whose links stand.</summary>
    public int Count => _clients.Count;

    public void OnNotice(string notice)
    {
    }

    public void OnMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
    }

    public void OnTransportEvent(Node node, MonoTime now, in TransportEvent happened)
    {
    }

    public void OnTimeout(Node node, MonoTime now)
    {
        core.HandleTimeout(now);
        tokens.Clients.HandleTimeout(now);
        while (_wakes.TryPeek(out var client, out var at) && at <= now)
        {
            _wakes.Dequeue();
            if (client.WakeAt != at)
                continue;
            client.WakeAt = MonoTime.Never;
            if (client.Connection.IsOver)
                node.Clients.Disconnect(client.Place, CloseReason.GoingAway);
            else if (client.Connection.Session is null)
                client.Connection.End(GoodbyeReason.Silent, "The client has a link and did not greet for 10 s."u8);
            client.Connection.HandleTimeout(now);
            Flush(node, now, client);
        }

        if (_checkAt <= now)
            EndTokens(node, now);
        FlushReady(node, now);
    }

    public void OnNodeEvent(Node node, MonoTime now, in NodeEvent happened)
    {
        if (happened.Kind == NodeEventKind.ClientUp)
            Welcome(node, now, happened);
        else if (happened.Kind == NodeEventKind.ClientDown && _clients.Remove(happened.Place, out var gone))
            Forget(now, gone);
    }

    public void OnClientMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
        if (!_clients.TryGetValue(ClientPlace.Of(message.Flow), out var client))
            return;
        if (message.Class == ServiceClass.Realtime)
            client.Connection.HandleRealtime(now, message.Deadline, message.Payload);
        else
            Handle(node, now, client, message);
        FlushReady(node, now);
        if (client.Connection.IsOver)
            Flush(node, now, client);
        Wake(client);
    }

    public void OnClientEvent(Node node, MonoTime now, in TransportEvent happened)
    {
        if (happened.Kind == TransportEventKind.FlowWritable && _flows.TryGetValue(happened.Flow, out var client))
            Flush(node, now, client);
    }

    /// <summary>The edge stops: each client is told, and may go to another.</summary>
    public void Drain(Node node, MonoTime now)
    {
        foreach (var client in _clients.Values)
        {
            client.Connection.End(GoodbyeReason.Draining, "The edge stops."u8);
            Flush(node, now, client);
        }
    }

    private void Welcome(Node node, MonoTime now, in NodeEvent happened)
    {
        if (!tokens.TryTake(happened.Grant, out var token))
        {
            node.Clients.Disconnect(happened.Place, CloseReason.GoingAway);
            return;
        }

        var client = new GatewayClient(happened.Place, _ready);
        _node = node;
        client.Connection = core.Connect(token, client, SendRealtime);
        _clients.Add(happened.Place, client);
        tokens.Clients.Add(now, client.Connection);
        WakeAt(client, now + BusLimits.GreetingTime);
        _ends.Enqueue(client, token.Expires.Seconds);
        if (_checkAt == MonoTime.Never)
            _checkAt = now + TokenCheck;
        BusLog.ClientUp(log, token.Space, token.Name, happened.Address.ToString());
    }

    private void Forget(MonoTime now, GatewayClient client)
    {
        tokens.Clients.Remove(client.Connection);
        client.Connection.Lose(now);
        client.WakeAt = MonoTime.Never;
        _flows.Remove(client.Flow);
        BusLog.ClientDown(log, client.Connection.Token.Space, client.Connection.Token.Name);
    }

    private void EndTokens(Node node, MonoTime now)
    {
        var time = clock();
        while (_ends.TryPeek(out var client, out var end) && end <= time.Seconds)
        {
            _ends.Dequeue();
            if (!_clients.TryGetValue(client.Place, out var known) || known != client)
                continue;
            client.Connection.End(GoodbyeReason.TokenEnded, Encoding.UTF8.GetBytes($"The token ended at {new UnixTime(end)}."));
            Flush(node, now, client);
        }

        _checkAt = _ends.Count == 0 ? MonoTime.Never : now + TokenCheck;
    }

    private void FlushReady(Node node, MonoTime now)
    {
        core.TellReady();
        for (var at = 0; at < _ready.Count; at++)
        {
            var client = _ready[at];
            client.ClearReady();
            if (_clients.TryGetValue(client.Place, out var known) && known == client)
                Flush(node, now, client);
        }

        _ready.Clear();
    }

    private static void Handle(Node node, MonoTime now, GatewayClient client, in ReceivedMessage message)
    {
        client.Inbound = message.Flow;
        client.Connection.Handle(now, message.Payload);
        if (client.Connection.IsHeldUp)
            client.IsPaused = node.Clients.SetPaused(client.Inbound, paused: true);
    }

    private void Flush(Node node, MonoTime now, GatewayClient client)
    {
        if (client.IsPaused && !client.Connection.IsHeldUp)
            client.IsPaused = !node.Clients.SetPaused(client.Inbound, paused: false);
        if (client.Flow.IsNone && !TryOpen(node, client))
            return;
        if (client.Held is { } held)
        {
            if (node.Clients.Send(now, client.Flow, held, out _) != SendResult.Accepted)
                return;
            client.Held = null;
        }

        while (client.Connection.TryTake(SessionLimits.MaxPiece, out var piece))
        {
            if (node.Clients.Send(now, client.Flow, piece, out _) == SendResult.Accepted)
                continue;
            client.Held = piece.ToArray();
            return;
        }

        // The last word goes before the flow ends, and its end tells the client that there is no more.
        if (!client.Connection.IsOver)
            return;
        node.Clients.CloseFlow(now, client.Flow);

        // It is left a while to hear that; then its link ends too, or whoever says nothing more would keep it.
        if (client.IsParting)
            return;
        client.IsParting = true;
        WakeAt(client, now + BusLimits.PartingTime);
    }

    private bool SendRealtime(object? owner, MonoTime now, MonoTime deadline, byte priority, ReadOnlySpan<byte> frame)
    {
        var client = (GatewayClient)owner!;
        ref var flow = ref (client.Realtime ??= new FlowHandle[MessageTraits.MaxPriority + 1])[priority];
        if (flow.IsNone && _node!.Clients.OpenRealtime(client.Place, priority, Duration.FromMilliseconds(FrameLimits.MaxDeadlineMilliseconds), out flow) != OpenResult.Opened)
            return false;
        return _node!.Clients.SendUntil(now, flow, frame, deadline) == SendResult.Accepted;
    }

    private bool TryOpen(Node node, GatewayClient client)
    {
        if (node.Clients.OpenStream(client.Place, ServiceClass.Signal, Priority, out var flow) != OpenResult.Opened)
            return false;
        client.Flow = flow;
        _flows.Add(flow, client);
        return true;
    }

    private void Wake(GatewayClient client)
    {
        if (client.IsParting)
            return;

        // Until it has greeted it is looked at once, at the end of its time.
        var isGreeted = client.Connection.Session is not null;
        if (client.Connection.NextTimeout < client.WakeAt || (isGreeted && !client.IsGreeted))
            WakeAt(client, client.Connection.NextTimeout);
        client.IsGreeted |= isGreeted;
    }

    private void WakeAt(GatewayClient client, MonoTime at)
    {
        client.WakeAt = at;
        if (!at.IsNever)
            _wakes.Enqueue(client, at);
    }
}
