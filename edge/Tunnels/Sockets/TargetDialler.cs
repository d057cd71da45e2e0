using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Edge.Tunnels.Datagrams;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Edge.Tunnels.Policy;
using WeCan.Edge.Tunnels.Streams;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Sockets;

namespace WeCan.Edge.Tunnels.Sockets;

/// <summary>
/// Reaches targets for this edge as an exit: resolves names beside the loop, holds every address against the policy, and calls those that
/// are allowed one after the other. On the loop's thread but for the resolving; bounded in calls under way.
/// </summary>
internal sealed class TargetDialler(SocketSet set, byte[] buffer, NameResolver resolver, Func<string, NodeId> members) : IStreamDialler, IDatagramDialler
{
    private readonly PriorityQueue<TcpCall, MonoTime> _calls = new();
    private int _underWay;

    /// <summary>Set once, before the first call.</summary>
    public TunnelCore Core { get; set; } = null!;

    public TunnelPolicy Policy { get; set; } = TunnelPolicy.Nothing;

    public MonoTime NextTimeout => _calls.TryPeek(out _, out var until) ? until : MonoTime.Never;

    public bool TryDial(Node node, MonoTime now, StreamConnection connection, NodeId from, TunnelTarget target) => TryReach(
        node, now, target,
        (onNode, at, addresses) => Call(onNode, at, connection, new Queue<IPAddress>(Allowed(from, TunnelProtocol.Tcp, target, addresses)), target, Reason(addresses)));

    public bool TryFind(Node node, MonoTime now, ExitSession session, NodeId from, TunnelTarget target) => TryReach(
        node, now, target,
        (onNode, at, addresses) => Open(onNode, at, session, Allowed(from, TunnelProtocol.Udp, target, addresses), target, Reason(addresses)));

    public void HandleTimeout(Node node, MonoTime now)
    {
        while (_calls.TryPeek(out var call, out var until) && until <= now)
        {
            _calls.Dequeue();
            call.GiveUp(node, now);
        }
    }

    /// <summary>What a target without an allowed address is refused with.</summary>
    private static RefusalReason Reason(IReadOnlyList<IPAddress> addresses) => addresses.Count == 0 ? RefusalReason.Unreachable : RefusalReason.Policy;

    private static RefusalReason ReasonOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => RefusalReason.Refused,
        SocketError.TimedOut => RefusalReason.TimedOut,
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => RefusalReason.TooMany,
        _ => RefusalReason.Unreachable,
    };

    private bool TryReach(Node node, MonoTime now, TunnelTarget target, Action<Node, MonoTime, IReadOnlyList<IPAddress>> reached)
    {
        if (target.Address is { } address)
        {
            reached(node, now, [address]);
            return true;
        }

        if (_underWay >= TunnelLimits.MaxDials)
            return false;
        _underWay++;
        resolver.Resolve(target.Host, (onNode, at, addresses) =>
        {
            _underWay--;
            reached(onNode, at, addresses);
        });
        return true;
    }

    private List<IPAddress> Allowed(NodeId from, TunnelProtocol protocol, TunnelTarget target, IReadOnlyList<IPAddress> addresses) =>
        [.. addresses.Where(address => Policy.Allows(from, protocol, target, address, members)).Take(TunnelLimits.MaxAddresses)];

    /// <summary>Calls the next of the addresses; when none is left, the connection is refused for what was wrong with the last.</summary>
    private void Call(Node node, MonoTime now, StreamConnection connection, Queue<IPAddress> addresses, TunnelTarget target, RefusalReason reason)
    {
        while (connection.State == StreamState.Opening && addresses.TryDequeue(out var address))
        {
            var until = now + (TunnelLimits.DialTimeout / (addresses.Count + 1));
            var call = TcpCall.Begin(set, address, target.Port, until, Ended, out var wrong);
            if (call is not null)
            {
                _calls.Enqueue(call, until);
                return;
            }

            reason = ReasonOf(wrong);
        }

        Core.Exit.HandleRefused(node, now, connection, target.ToString(), reason);

        void Ended(TcpCall call, Node onNode, MonoTime at, SocketError error)
        {
            if (error != SocketError.Success)
            {
                Call(onNode, at, connection, addresses, target, ReasonOf(error));
                return;
            }

            var stream = new TcpStream(call.Release(), set, buffer) { Connection = connection };
            set.Add(stream);
            Core.Exit.HandleConnected(onNode, at, connection, stream);
        }
    }

    private void Open(Node node, MonoTime now, ExitSession session, IReadOnlyList<IPAddress> addresses, TunnelTarget target, RefusalReason reason)
    {
        foreach (var address in addresses)
        {
            var at = NetAddress.FromEndPoint(new IPEndPoint(address, target.Port));
            try
            {
                var socket = new UdpTarget(DatagramSocket.Call(at), set, Core.DatagramExit, session);
                set.Add(socket);
                Core.DatagramExit.HandleFound(node, now, session, at, socket);
                return;
            }
            catch (SocketException failure)
            {
                reason = ReasonOf(failure.SocketErrorCode);
            }
        }

        Core.DatagramExit.HandleRefused(node, now, session, target.ToString(), reason);
    }
}
