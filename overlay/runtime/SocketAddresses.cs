using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;

namespace WeCan.Runtime;

/// <summary>
/// Turns the system's socket addresses into <see cref="NetAddress"/> and back, byte by byte and without allocating. The
/// caller makes a <see cref="SocketAddress"/> of its socket's family once and keeps it.
/// <code>
///          0        2        4            8                        24          28
/// IPv4     | family | port   | address(4) | zero (8)
/// IPv6     | family | port   | flow   (4) | address (16)           | scope (4) |     port and address big-endian
/// </code>
/// </summary>
internal static class SocketAddresses
{
    private const int PortAt = 2;
    private const int IPv4At = 4;
    private const int IPv6At = 8;

    /// <summary>False when the address is of a family that this socket cannot reach.</summary>
    public static bool TryWrite(NetAddress address, SocketAddress target)
    {
        var bytes = target.Buffer.Span;
        if (target.Family == AddressFamily.InterNetworkV6)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes[PortAt..], address.Port);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[IPv6At..], address.High);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[(IPv6At + 8)..], address.Low);
            return true;
        }

        if (!address.IsIPv4)
            return false;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[PortAt..], address.Port);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[IPv4At..], (uint)address.Low);
        return true;
    }

    public static NetAddress Read(SocketAddress source)
    {
        ReadOnlySpan<byte> bytes = source.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[PortAt..]);
        return source.Family == AddressFamily.InterNetworkV6
            ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes[IPv6At..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[(IPv6At + 8)..]), port)
            : NetAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[IPv4At..]), port);
    }
}
