using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Edge.Bus.Gateway;
using WeCan.Edge.Bus.Web.Posts;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Tokens;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Runtime;

namespace WeCan.Edge.Bus.Web;

/// <summary>
/// Clients who come over pipes of bytes, on the loop's thread: what their connections' tasks post is handled here, a bounded part in each
/// turn, and what the bus has for them is put into their buffers, of which the tasks take. The two sides meet in <see cref="Post"/> and in
/// each client's own lock, and nowhere else.
/// </summary>
internal sealed class WebGateway(BusCore core, GatewayTokens tokens, Func<UnixTime> clock, ILogger log) : IOverlayHost
{
    private readonly ConcurrentQueue<IWebOrder> _orders = new();
    private readonly HashSet<WebClient> _clients = [];
    private readonly List<WebClient> _ready = [];
    private readonly PriorityQueue<WebClient, MonoTime> _wakes = new();
    private readonly PriorityQueue<WebClient, MonoTime> _looks = new();
    private int _isRung;
    private volatile bool _isDraining;

    /// <summary>Has the loop call <see cref="Turn"/> soon; set before the first connection is taken.</summary>
    public Action Ring { get; set; } = () => { };

    public PostDesk Posts { get; } = new(core);

    public WebCounters Counters { get; } = new();

    public MonoTime NextTimeout => _ready.Count > 0 || Posts.HasReady ? MonoTime.Zero : MonoTime.Min(
        MonoTime.Min(core.NextTimeout, MonoTime.Min(Posts.NextTimeout, tokens.Clients.NextTimeout)),
        MonoTime.Min(_wakes.TryPeek(out _, out var wake) ? wake : MonoTime.Never, _looks.TryPeek(out _, out var look) ? look : MonoTime.Never));

    /// <summary>Any thread: the order is handled in one of the next turns.</summary>
    public void Post(IWebOrder order)
    {
        _orders.Enqueue(order);
        if (Interlocked.Exchange(ref _isRung, 1) == 0)
            Ring();
    }

    /// <summary>What the token says, or what is wrong with it.</summary>
    public async Task<(ClientToken? Token, TokenFault Fault)> VerifyAsync(byte[] token)
    {
        var order = new TokenOrder(this, token);
        Post(order);
        return await order.Answer;
    }

    /// <summary>What tasks have posted. Called on the loop's thread after <see cref="Ring"/>.</summary>
    public void Turn(MonoTime now)
    {
        Volatile.Write(ref _isRung, 0);
        var costly = WebLimits.TokensPerTurn;
        for (var left = WebLimits.OrdersPerTurn; left > 0 && costly > 0 && _orders.TryDequeue(out var order); left--)
        {
            costly -= order.IsCostly ? 1 : 0;
            order.Handle(now);
        }

        Settle(now);
        if (!_orders.IsEmpty && Interlocked.Exchange(ref _isRung, 1) == 0)
            Ring();
    }

    public void OnTimeout(Node node, MonoTime now) => HandleTimeout(now);

    public void HandleTimeout(MonoTime now)
    {
        core.HandleTimeout(now);
        tokens.Clients.HandleTimeout(now);
        while (_wakes.TryPeek(out var client, out var at) && at <= now)
        {
            _wakes.Dequeue();
            client.HandleTimeout(now, at);
        }

        while (_looks.TryPeek(out var client, out var at) && at <= now)
        {
            _looks.Dequeue();
            if (_clients.Contains(client))
                LookAt(now, client);
        }

        Posts.HandleTimeout(now);
        Settle(now);
    }

    /// <summary>The edge stops: each client is told, and may go to another.</summary>
    public void Drain(MonoTime now)
    {
        _isDraining = true;
        foreach (var client in _clients)
            client.Connection!.End(GoodbyeReason.Draining, "The edge stops."u8);
        Posts.Drain();
        Settle(now);
    }

    /// <summary>On the loop's thread.</summary>
    public ClientToken? Verify(ReadOnlySpan<byte> token, out TokenFault fault)
    {
        fault = TokenFault.None;
        if (tokens.TryVerify(token, out var grant) && tokens.TryTake(grant, out var verified))
            return verified;
        fault = tokens.LastFault;
        return null;
    }

    /// <summary>A client's connection stands. False when no more are taken, or its token was taken back meanwhile.</summary>
    public bool TryAdd(MonoTime now, WebClient client)
    {
        if (_isDraining || tokens.Judge(client.Token) != TokenFault.None)
            return false;
        client.Connection = core.Connect(client.Token, client, SendRealtime);
        tokens.Clients.Add(now, client.Connection);
        _clients.Add(client);
        _looks.Enqueue(client, now + WebLimits.Look);
        Counters.Add(1);
        BusLog.ClientUp(log, client.Token.Space, client.Token.Name, client.Address);
        return true;
    }

    public void Remove(MonoTime now, WebClient client)
    {
        if (!_clients.Remove(client))
            return;
        tokens.Clients.Remove(client.Connection!);
        client.Connection!.Lose(now);
        Counters.Add(-1);
        BusLog.ClientDown(log, client.Token.Space, client.Token.Name);
    }

    /// <summary>Something is to be taken of a client's connection when the turn is done.</summary>
    public void Note(WebClient client) => _ready.Add(client);

    public void WakeAt(WebClient client, MonoTime at) => _wakes.Enqueue(client, at);

    /// <summary>Has a client looked at that is to go by itself soon.</summary>
    public void LookSoon(WebClient client, MonoTime at) => _looks.Enqueue(client, at);

    /// <summary>So many Realtime messages were late before there was room to send them.</summary>
    public void CountLate(int messages) => core.Counters.Drop(RealtimeDrop.Late, messages);

    public void OnNotice(string notice)
    {
    }

    public void OnMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
    }

    public void OnTransportEvent(Node node, MonoTime now, in TransportEvent happened)
    {
    }

    public void OnNodeEvent(Node node, MonoTime now, in NodeEvent happened)
    {
    }

    private static bool SendRealtime(object? owner, MonoTime now, MonoTime deadline, byte priority, ReadOnlySpan<byte> frame) =>
        ((WebClient)owner!).TrySendRealtime(deadline, frame);

    private void Settle(MonoTime now)
    {
        core.TellReady();
        for (var at = 0; at < _ready.Count; at++)
            _ready[at].Flush(now);
        _ready.Clear();
        Posts.Settle(now);
    }

    private void LookAt(MonoTime now, WebClient client)
    {
        var time = clock();
        if (client.IsOverdue(now))
        {
            client.Abort();
            return;
        }

        var end = client.Token.Expires;
        if (end <= time)
            client.Connection!.End(GoodbyeReason.TokenEnded, Encoding.UTF8.GetBytes($"The token ended at {end}."));
        var next = end > time ? Duration.Min(WebLimits.Look, end - time) : WebLimits.Look;
        _looks.Enqueue(client, now + next);
    }
}
