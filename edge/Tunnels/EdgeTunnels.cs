using System.Net;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Edge.Tunnels.Datagrams;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Edge.Tunnels.Policy;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Edge.Tunnels.Sockets;
using WeCan.Edge.Tunnels.Streams;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Runtime;
using WeCan.Runtime.Sockets;
using WeCan.Sockets;

namespace WeCan.Edge.Tunnels;

/// <summary>
/// The tunnels of an edge on real sockets: a host of its node, whose loop drives everything here. Its maker gives <see cref="Sockets"/> to
/// the driver, tells <see cref="Attach"/> how to reach the loop, and has <see cref="Apply"/> called there with what the configuration wants
/// open, <see cref="Add"/> and <see cref="Remove"/> with what commands want. A tunnel that cannot listen is tried again now and then.
/// </summary>
/// <param name="members">The node that a member's name means now, none where there is none; asked on the loop's thread, and may not wait.</param>
/// <param name="log">What an operator should read.</param>
/// <param name="resolve">How names are resolved; null for as the system does.</param>
internal sealed class EdgeTunnels(Func<string, NodeId> members, ILogger log, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) : IOverlayHost
{
    private readonly List<TunnelListener> _listeners = [];
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(TunnelLimits.ReadAhead, pinned: true);
    private TunnelCore? _core;
    private TargetDialler? _dialler;
    private Func<Action<Node, MonoTime>, ValueTask<PostResult>>? _post;
    private MonoTime _retryAt = MonoTime.Never;
    private bool _isOver;
    private int _opened;

    /// <summary>What a node is called, for sentences to people; asked on the loop's thread, and may not wait.</summary>
    public Func<NodeId, string> Named { get; init; } = number => $"{number.Value}";

    public SocketSet Sockets { get; } = new();

    public TunnelCounters Counters { get; } = new();

    public MonoTime NextTimeout => _core is null ? MonoTime.Never : MonoTime.Min(_retryAt, MonoTime.Min(_core.NextTimeout, _dialler!.NextTimeout));

    /// <summary>The tunnels that begin here, in the order in which they were asked for; on the loop's thread.</summary>
    public IReadOnlyList<TunnelListener> Listeners => _listeners;

    /// <summary>How to have something done on the loop's thread; before the first <see cref="Apply"/>, as until then nothing is allowed that would need it.</summary>
    public void Attach(Func<Action<Node, MonoTime>, ValueTask<PostResult>> post) => _post = post;

    /// <summary>
    /// Opens what is new in the configuration, closes what is in it no more (connections that stand go on), and takes a new policy. What
    /// commands have opened stays. Answers a sentence for each new tunnel that does not listen.
    /// </summary>
    public IReadOnlyList<string> Apply(Node node, MonoTime now, TunnelSettings settings)
    {
        Prepare(node);
        List<string> problems = [];
        foreach (var gone in _listeners.Where(listener => listener.Origin == TunnelOrigin.Configuration && !settings.Tunnels.Contains(listener.Tunnel)).ToList())
            Close(gone);
        foreach (var tunnel in settings.Tunnels.Where(tunnel => !_listeners.Any(listener => listener.Origin == TunnelOrigin.Configuration && listener.Tunnel == tunnel)).ToList())
        {
            var listener = Begin(now, tunnel, TunnelOrigin.Configuration);
            if (listener.Socket is null)
                problems.Add(listener.Trouble);
        }

        if (_dialler!.Policy.IsSameAs(settings.Policy))
            return problems;
        _dialler.Policy = settings.Policy;
        _core!.DatagramExit.CloseAll();
        TunnelLog.PolicyChanged(log, settings.Policy.Rules.Count);
        return problems;
    }

    /// <summary>Begins what a command asked for before the last restart; what cannot listen now is tried again.</summary>
    public void Restore(Node node, MonoTime now, IReadOnlyList<TunnelEntrance> tunnels)
    {
        Prepare(node);
        foreach (var tunnel in tunnels)
            Begin(now, tunnel, TunnelOrigin.Command);
    }

    /// <summary>Opens what a command asks for: null, or a sentence and nothing is changed.</summary>
    public string? Add(Node node, MonoTime now, TunnelEntrance tunnel)
    {
        Prepare(node);
        if (_isOver)
            return "The edge is stopping and opens no tunnel any more.";
        var listener = new TunnelListener(tunnel, TunnelOrigin.Command);
        if (!TryOpen(listener))
            return listener.Trouble;
        _listeners.Add(listener);
        return null;
    }

    /// <summary>Takes nothing new at what a command had asked for; connections that stand go on.</summary>
    public void Remove(Node node, MonoTime now, TunnelListen listen)
    {
        Prepare(node);
        if (_listeners.Find(listener => listener.Origin == TunnelOrigin.Command && listener.Collides(listen)) is not { } gone)
            return;
        Close(gone);

        // One of the configuration may have waited for just that port.
        Retry(now);
    }

    /// <summary>Takes nothing new from now on.</summary>
    public void StopListening()
    {
        _isOver = true;
        _retryAt = MonoTime.Never;
        foreach (var listener in _listeners.ToList())
            Close(listener);
    }

    /// <summary>Has something done, once, when no connection stands: now, or when the last one has closed.</summary>
    public void WhenQuiet(Action act)
    {
        if (_core is null || _core.Streams.Count == 0)
            act();
        else
            _core.Streams.Emptied = act;
    }

    /// <summary>Resets what is still open, at both ends.</summary>
    public void AbortAll(Node node, MonoTime now) => _core?.AbortAll(node, now);

    public void OnNotice(string notice)
    {
    }

    public void OnTimeout(Node node, MonoTime now)
    {
        Prepare(node);
        if (_retryAt <= now)
            Retry(now);
        _dialler!.HandleTimeout(node, now);
        _core!.HandleTimeout(node, now);
    }

    public void OnMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
        Prepare(node);
        _core!.TryHandleMessage(node, now, message);
    }

    public void OnTransportEvent(Node node, MonoTime now, in TransportEvent happened)
    {
        Prepare(node);
        _core!.HandleEvent(node, now, happened);
    }

    public void OnNodeEvent(Node node, MonoTime now, in NodeEvent happened)
    {
    }

    /// <summary>The life that the node runs in is known with the first call.</summary>
    private void Prepare(Node node)
    {
        if (_core is not null)
            return;
        _dialler = new TargetDialler(Sockets, _buffer, new NameResolver(command => _post!(command), resolve), members);
        _core = new TunnelCore(node.Options.Epoch, _dialler, _dialler, new StreamShared(Counters));
        _dialler.Core = _core;
        Counters.OnRefusedHere = (from, target, reason) => TunnelLog.NotLetOut(log, Named(from), target, RefusalReasons.Sentence(reason));
        Counters.OnRefusedThere = (target, reason) => TunnelLog.NotLed(log, target, RefusalReasons.Sentence(reason));
    }

    /// <summary>Has a tunnel from now on, which listens at once or when it can.</summary>
    private TunnelListener Begin(MonoTime now, TunnelEntrance tunnel, TunnelOrigin origin)
    {
        var listener = new TunnelListener(tunnel, origin);
        if (!TryOpen(listener))
            TunnelLog.NotOpened(log, tunnel.Listen.ToString(), listener.Trouble);
        _listeners.Add(listener);
        WaitForRetry(now);
        return listener;
    }

    private void Retry(MonoTime now)
    {
        foreach (var listener in _listeners.Where(listener => listener.Socket is null))
            TryOpen(listener);
        _retryAt = MonoTime.Never;
        WaitForRetry(now);
    }

    private void WaitForRetry(MonoTime now)
    {
        if (_retryAt.IsNever && !_isOver && _listeners.Exists(listener => listener.Socket is null))
            _retryAt = now + TunnelLimits.RetryEvery;
    }

    /// <summary>False when it cannot listen, and then it knows why.</summary>
    private bool TryOpen(TunnelListener listener)
    {
        var tunnel = listener.Tunnel;
        if (_listeners.Find(other => other != listener && other.Socket is not null && other.Collides(tunnel.Listen)) is { } holder)
        {
            listener.Trouble = Collision(holder.Origin, tunnel.Listen);
            return false;
        }

        try
        {
            listener.Socket = Open(tunnel, listener.Traffic);
        }
        catch (RuntimeStartException failure)
        {
            listener.Trouble = failure.Message;
            return false;
        }

        Sockets.Add(listener.Socket);
        listener.Trouble = "";
        TunnelLog.Opened(log, tunnel.Listen.ToString(), tunnel.Target.ToString(), tunnel.Exit.ToString());
        return true;
    }

    private static string Collision(TunnelOrigin holder, TunnelListen listen) => holder == TunnelOrigin.Command
        ? $"A command has opened a tunnel at {listen} already: \"wecan-edge tunnel remove {listen}\" takes that back."
        : $"The configuration has a tunnel at {listen} already: choose another port, or take it out of the configuration and reload.";

    private LoopSocket Open(TunnelEntrance tunnel, TunnelTraffic traffic)
    {
        var exit = () => tunnel.Exit.Resolve(members);
        var at = tunnel.Listen.At;
        if (tunnel.Listen.Protocol == TunnelProtocol.Tcp)
        {
            return new TcpEntrance(
                TcpEntrance.Listen(at), Sockets, _buffer, _core!.Entry, new StreamTunnel(exit, tunnel.Target.ToString(), tunnel.Class, tunnel.Priority) { Traffic = traffic }, traffic);
        }

        var listensOnAll = at.Address.Equals(IPAddress.Any) || at.Address.Equals(IPAddress.IPv6Any);
        return new UdpEntrance(
            DatagramSocket.Listen(at), listensOnAll, Sockets, _core!.DatagramEntry,
            new DatagramTunnel(exit, tunnel.Target.ToString(), tunnel.Priority, tunnel.Deadline, tunnel.Paths) { Traffic = traffic }, ++_opened, traffic);
    }

    private void Close(TunnelListener listener)
    {
        _listeners.Remove(listener);
        if (listener.Socket is null)
            return;
        if (listener.Socket is UdpEntrance datagrams)
            datagrams.Close();
        else
            Sockets.Remove(listener.Socket);
        listener.Socket = null;
        TunnelLog.Closed(log, listener.Tunnel.Listen.ToString());
    }
}
