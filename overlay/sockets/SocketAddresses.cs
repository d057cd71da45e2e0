using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using WeCan.Contracts;

namespace WeCan.Sockets;

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

    /// <summary>Room for an address of either family.</summary>
    public const int MaxBytes = 28;

    private const int IPv4Bytes = 16;

    /// <summary>Linux: AF_INET and AF_INET6.</summary>
    private const ushort FamilyIPv4 = 2;
    private const ushort FamilyIPv6 = 10;

    public static int Bytes(bool isIPv6) => isIPv6 ? MaxBytes : IPv4Bytes;

    /// <summary>Linux: makes an address of zeros one of a family.</summary>
    public static void WriteFamily(bool isIPv6, Span<byte> target)
    {
        var family = isIPv6 ? FamilyIPv6 : FamilyIPv4;
        MemoryMarshal.Write(target, in family);
    }

    /// <summary>False when the address is of a family that this socket cannot reach.</summary>
    public static bool TryWrite(NetAddress address, SocketAddress target) =>
        TryWrite(address, target.Family == AddressFamily.InterNetworkV6, target.Buffer.Span);

    /// <summary>The same where the family is written already.</summary>
    public static bool TryWrite(NetAddress address, bool isIPv6, Span<byte> bytes)
    {
        if (isIPv6)
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

    public static NetAddress Read(SocketAddress source) => Read(source.Buffer.Span, source.Family == AddressFamily.InterNetworkV6);

    /// <summary>Linux: reads an address whose first bytes say its family.</summary>
    public static NetAddress Read(ReadOnlySpan<byte> bytes) => Read(bytes, MemoryMarshal.Read<ushort>(bytes) == FamilyIPv6);

    private static NetAddress Read(ReadOnlySpan<byte> bytes, bool isIPv6)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[PortAt..]);
        return isIPv6
            ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes[IPv6At..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[(IPv6At + 8)..]), port)
            : NetAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[IPv4At..]), port);
    }
}
