using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Sockets.Linux;

namespace WeCan.Runtime.Sockets;

/// <summary>
/// The buffers through which all datagram sockets of a set receive and send, one socket at a time: what was received is handed over before
/// the next socket's turn, and what is to be sent leaves before another one sends. Without the system's batches each datagram is a call.
/// </summary>
internal sealed class DatagramBatch
{
    private SegmentIngress? _ingress;
    private SegmentEgress? _egress;
    private SocketAddress? _address;
    private byte[]? _single;
    private DatagramSocket? _sender;

    public DriverStatistics Statistics { get; } = new();

    /// <summary>Hands over what a socket has, about a turn's part of it; true when there may be more.</summary>
    public bool Receive(DatagramSocket socket, Node node, MonoTime now)
    {
        if (!socket.MayRead)
            return false;
        Prepare();
        if (_ingress is null)
            return ReceiveSingly(socket, node, now);
        _ingress.Attach((int)socket.Socket.Handle, socket.ReturnAddresses, socket.Wanted);
        var taken = 0;
        while (_ingress.TryReceive(out var from, out var datagram))
        {
            if (!from.IsNone)
                socket.OnDatagram(node, now, from, datagram);
            taken++;
            if (!_ingress.HasMore || (taken >= RuntimeLimits.ReceivesPerTurn && !_ingress.HasTaken))
                break;
        }

        socket.Wanted = _ingress.Wanted;
        socket.MayRead = _ingress.HasMore || _ingress.HasFailed;
        return socket.MayRead;
    }

    public bool TrySend(DatagramSocket socket, NetAddress to, ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
            return false;
        Prepare();
        if (_egress is null)
            return TrySendSingly(socket, to, payload);
        if (_sender != socket)
        {
            Flush();
            _egress.Attach((int)socket.Socket.Handle, socket.ReturnAddresses);
            _sender = socket;
        }

        if (!_egress.TryReserve(payload.Length, out var draft))
        {
            _egress.Discard();
            return false;
        }

        payload.CopyTo(draft);
        _egress.Send(MonoTime.Zero, to, payload.Length);
        return true;
    }

    public void Flush()
    {
        if (_sender is null)
            return;
        if (!_egress!.TryFlush(MonoTime.Zero))
            _egress.Discard();
        _sender = null;
    }

    /// <summary>A socket is about to be closed: what it has to send leaves now.</summary>
    public void Forget(LoopSocket socket)
    {
        if (_sender == socket)
            Flush();
    }

    /// <summary>Finds out, with a socket that nobody uses, what the system can do. All sockets of a set are of its family.</summary>
    private void Prepare()
    {
        if (_address is not null)
            return;
        using var probe = OverlaySocket.Create(new IPEndPoint(IPAddress.IPv6Any, 0));
        probe.Blocking = false;
        _address = new SocketAddress(probe.AddressFamily);
        if (NativeSocket.CanBatch(probe, NativeSocket.Receive, NativeSocket.Send))
        {
            _ingress = new SegmentIngress(probe, Statistics, null, NativeSocket.Receive);
            _egress = new SegmentEgress(probe, Statistics, null, NativeSocket.Send);
        }
        else
        {
            _single = new byte[SocketLimits.LongestReceive];
        }
    }

    private bool ReceiveSingly(DatagramSocket socket, Node node, MonoTime now)
    {
        for (var i = 0; i < RuntimeLimits.ReceivesPerTurn; i++)
        {
            if (socket.Socket.Available == 0)
            {
                socket.MayRead = false;
                return false;
            }

            try
            {
                var length = socket.Socket.ReceiveFrom(_single!, SocketFlags.None, _address!);
                Statistics.ReceiveCalls++;
                Statistics.DatagramsReceived++;
                Statistics.BytesReceived += length;
                if (length > 0)
                    socket.OnDatagram(node, now, SocketAddresses.Read(_address!), _single.AsSpan(0, length));
            }
            catch (SocketException)
            {
                Statistics.ReceiveErrors++;
            }
        }

        return true;
    }

    private bool TrySendSingly(DatagramSocket socket, NetAddress to, ReadOnlySpan<byte> payload)
    {
        if (!SocketAddresses.TryWrite(to, _address!))
            return false;
        try
        {
            Statistics.SendCalls++;
            Statistics.BytesSent += socket.Socket.SendTo(payload, SocketFlags.None, _address!);
            Statistics.DatagramsSent++;
            return true;
        }
        catch (SocketException)
        {
            Statistics.Add(SendFailure.Other);
            return false;
        }
    }
}
