using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace WeCan.Contracts;

/// <summary>
/// A UDP address as a value: an IPv6 address (IPv4 as its mapped form) and a port. No heap, so that the packet path can
/// carry and compare it. <see cref="None"/> is no address.
/// </summary>
public readonly record struct NetAddress(ulong High, ulong Low, ushort Port)
{
    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    public static readonly NetAddress None;

    public bool IsNone => Port == 0;

    public bool IsIPv4 => High == 0 && (Low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    /// <summary>
    /// Whether this can be one host's address: none is not, nor the unspecified address of either family, nor what reaches many.
    /// </summary>
    public bool IsUnicast => !IsNone && (IsIPv4 ? (byte)(Low >> 24) is > 0 and < 224 : (High | Low) != 0 && (byte)(High >> 56) != 0xFF);

    public static NetAddress FromIPv4(uint address, ushort port) => new(0, MappedPrefix | address, port);

    /// <summary>
    /// Reads "192.0.2.1:4600" or "[2001:db8::1]:4600". False for anything else, for port 0, and for a scope ("%eth0"),
    /// which this value could not keep.
    /// </summary>
    public static bool TryParse(string? text, out NetAddress address)
    {
        address = None;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || text!.Contains('%') || !IPEndPoint.TryParse(text, out var endPoint) || endPoint.Port == 0)
            return false;

        // The platform also takes "1", "0x7f.1" and octal "0300.0.2.1" for IPv4 addresses: a typing error must not be one.
        if (endPoint.AddressFamily == AddressFamily.InterNetwork
            && !text.AsSpan(0, colon).SequenceEqual(endPoint.Address.ToString()))
            return false;
        address = FromEndPoint(endPoint);
        return true;
    }

    public static NetAddress FromEndPoint(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Span<byte> bytes = stackalloc byte[16];
        endPoint.Address.MapToIPv6().TryWriteBytes(bytes, out _);
        return new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), (ushort)endPoint.Port);
    }

    public IPEndPoint ToEndPoint()
    {
        if (IsIPv4)
        {
            Span<byte> four = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(four, (uint)Low);
            return new(new IPAddress(four), Port);
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new(new IPAddress(bytes), Port);
    }

    public override string ToString() =>
        IsNone ? "none" : ToEndPoint().ToString();
}
