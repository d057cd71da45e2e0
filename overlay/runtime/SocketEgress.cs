using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;

namespace WeCan.Runtime;

/// <summary>The egress that does nothing to datagrams: the driver's socket. What the system refuses is counted by reason and let go.</summary>
internal sealed class SocketEgress(Socket socket, DriverStatistics statistics) : IDatagramEgress
{
    private readonly SocketAddress _target = new(socket.AddressFamily);

    public string? Impairment => null;

    public MonoTime NextDue => MonoTime.Never;

    public bool TrySend(MonoTime now, NetAddress to, ReadOnlySpan<byte> datagram)
    {
        if (!SocketAddresses.TryWrite(to, _target))
        {
            statistics.Add(SendFailure.BadAddress);
            return true;
        }

        try
        {
            socket.SendTo(datagram, SocketFlags.None, _target);
            statistics.DatagramsSent++;
            statistics.BytesSent += datagram.Length;
            return true;
        }
        catch (SocketException failure)
        {
            if (failure.SocketErrorCode is SocketError.WouldBlock)
            {
                statistics.SendsDeferred++;
                return false;
            }

            statistics.Add(ReasonOf(failure.SocketErrorCode));
            return true;
        }
    }

    public bool TrySendDue(MonoTime now) => true;

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
