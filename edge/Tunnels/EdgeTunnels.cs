using System.Net;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Edge.Tunnels.Datagrams;
using WeCan.Edge.Tunnels.Policy;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Edge.Tunnels.Sockets;
using WeCan.Edge.Tunnels.Streams;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Runtime;
using WeCan.Runtime.Sockets;

namespace WeCan.Edge.Tunnels;

/// <summary>
/// The tunnels of an edge on real sockets: a host of its node, whose loop drives everything here. Its maker gives <see cref="Sockets"/> to
/// the driver, tells <see cref="Attach"/> how to reach the loop, and has <see cref="Apply"/> called there with what is to be open.
/// </summary>
/// <param name="members">The node that a member's name means now, none where there is none; asked on the loop's thread, and may not wait.</param>
/// <param name="log">What an operator should read.</param>
/// <param name="resolve">How names are resolved; null for as the system does.</param>
internal sealed class EdgeTunnels(Func<string, NodeId> members, ILogger log, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) : IOverlayHost
{
    private readonly Dictionary<TunnelEntrance, LoopSocket> _open = [];
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(TunnelLimits.ReadAhead, pinned: true);
    private TunnelCore? _core;
    private TargetDialler? _dialler;
    private Func<Action<Node, MonoTime>, ValueTask<PostResult>>? _post;
    private int _listeners;

    public SocketSet Sockets { get; } = new();

    public TunnelCounters Counters { get; } = new();

    public MonoTime NextTimeout => _core is null ? MonoTime.Never : MonoTime.Min(_core.NextTimeout, _dialler!.NextTimeout);

    /// <summary>Where tunnels listen, in the order of opening; on the loop's thread.</summary>
    public IEnumerable<(TunnelEntrance Tunnel, IPEndPoint At)> Entrances => _open.Select(entrance => (entrance.Key, AddressOf(entrance.Value)));

    /// <summary>How to have something done on the loop's thread; before the first <see cref="Apply"/>, as until then nothing is allowed that would need it.</summary>
    public void Attach(Func<Action<Node, MonoTime>, ValueTask<PostResult>> post) => _post = post;

    /// <summary>
    /// Opens what is new, closes what is no more (connections that stand go on), and takes a new policy. Answers a sentence for each tunnel
    /// that could not be opened.
    /// </summary>
    public IReadOnlyList<string> Apply(Node node, MonoTime now, TunnelSettings settings)
    {
        Prepare(node);
        List<string> problems = [];
        foreach (var gone in _open.Keys.Except(settings.Tunnels).ToList())
            Close(gone);
        foreach (var tunnel in settings.Tunnels.Except(_open.Keys).ToList())
        {
            try
            {
                Open(tunnel);
                TunnelLog.Opened(log, tunnel.Listen.ToString(), tunnel.Target.ToString(), tunnel.Exit.ToString());
            }
            catch (RuntimeStartException failure)
            {
                problems.Add(failure.Message);
                TunnelLog.NotOpened(log, tunnel.Listen.ToString(), failure.Message);
            }
        }

        if (_dialler!.Policy.IsSameAs(settings.Policy))
            return problems;
        _dialler.Policy = settings.Policy;
        _core!.DatagramExit.CloseAll();
        TunnelLog.PolicyChanged(log, settings.Policy.Rules.Count);
        return problems;
    }

    /// <summary>Takes nothing new from now on.</summary>
    public void StopListening()
    {
        foreach (var tunnel in _open.Keys.ToList())
            Close(tunnel);
    }

    /// <summary>Resets what is still open, at both ends.</summary>
    public void AbortAll(Node node, MonoTime now) => _core?.AbortAll(node, now);

    public void OnNotice(string notice)
    {
    }

    public void OnTimeout(Node node, MonoTime now)
    {
        Prepare(node);
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

    /// <summary>A socket of both families shows IPv4 addresses in their mapped form, which no operator has written.</summary>
    private static IPEndPoint AddressOf(LoopSocket socket)
    {
        var at = (IPEndPoint)socket.Socket.LocalEndPoint!;
        return at.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(at.Address.MapToIPv4(), at.Port) : at;
    }

    /// <summary>The life that the node runs in is known with the first call.</summary>
    private void Prepare(Node node)
    {
        if (_core is not null)
            return;
        _dialler = new TargetDialler(Sockets, _buffer, new NameResolver(command => _post!(command), resolve), members);
        _core = new TunnelCore(node.Options.Epoch, _dialler, _dialler, new StreamShared(Counters));
        _dialler.Core = _core;
    }

    private void Open(TunnelEntrance tunnel)
    {
        var exit = () => tunnel.Exit.Resolve(members);
        var at = tunnel.Listen.At;
        LoopSocket entrance;
        if (tunnel.Listen.Protocol == TunnelProtocol.Tcp)
        {
            entrance = new TcpEntrance(
                TcpEntrance.Listen(at), Sockets, _buffer, _core!.Entry, new StreamTunnel(exit, tunnel.Target.ToString(), tunnel.Class, tunnel.Priority));
        }
        else
        {
            var listensOnAll = at.Address.Equals(IPAddress.Any) || at.Address.Equals(IPAddress.IPv6Any);
            entrance = new UdpEntrance(
                DatagramSocket.Listen(at), listensOnAll, Sockets, _core!.DatagramEntry,
                new DatagramTunnel(exit, tunnel.Target.ToString(), tunnel.Priority, tunnel.Deadline, tunnel.Paths), ++_listeners);
        }

        Sockets.Add(entrance);
        _open.Add(tunnel, entrance);
    }

    private void Close(TunnelEntrance tunnel)
    {
        if (!_open.Remove(tunnel, out var entrance))
            return;
        if (entrance is UdpEntrance datagrams)
            datagrams.Close();
        else
            Sockets.Remove(entrance);
        TunnelLog.Closed(log, tunnel.Listen.ToString());
    }
}
