using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Sockets;

/// <summary>
/// Sends datagrams one by one through .NET's socket: for systems that offer nothing better. One that meets a full socket stays in
/// its place. What the system refuses is counted by reason and let go.
/// </summary>
internal sealed class SocketEgress(Socket socket, SocketStatistics statistics) : IDatagramEgress
{
    private readonly SocketAddress _target = new(socket.AddressFamily);
    private readonly byte[] _draft = GC.AllocateUninitializedArray<byte>(WireLimits.FullDatagram, pinned: true);
    private int _kept;

    public string? Impairment => null;

    public MonoTime NextDue => MonoTime.Never;

    public Span<byte> Draft => _kept > 0 ? default : _draft;

    public void Send(MonoTime now, NetAddress to, int length)
    {
        if (!SocketAddresses.TryWrite(to, _target))
        {
            statistics.Add(SendFailure.BadAddress);
            return;
        }

        _kept = length;
        TryFlush(now);
    }

    public bool TryFlush(MonoTime now)
    {
        if (_kept == 0)
            return true;
        statistics.SendCalls++;
        try
        {
            socket.SendTo(_draft.AsSpan(0, _kept), SocketFlags.None, _target);
            statistics.DatagramsSent++;
            statistics.BytesSent += _kept;
        }
        catch (SocketException failure)
        {
            if (failure.SocketErrorCode is SocketError.WouldBlock)
            {
                statistics.SendsDeferred++;
                return false;
            }

            statistics.Add(ReasonOf(failure.SocketErrorCode));
        }

        _kept = 0;
        return true;
    }

    private static SendFailure ReasonOf(SocketError error) => error switch
    {
        SocketError.MessageSize => SendFailure.TooLong,
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown or SocketError.HostDown => SendFailure.Unreachable,
        SocketError.AccessDenied => SendFailure.NotPermitted,
        SocketError.NoBufferSpaceAvailable => SendFailure.NoBuffers,
        SocketError.InvalidArgument or SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported => SendFailure.BadAddress,
        _ => SendFailure.Other,
    };
}
