using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WeCan.Sockets.Linux;

/// <summary>
/// The notes that travel beside a message (struct cmsghdr): how long its segments are, and which of this machine's addresses it
/// came to or is to leave from.
/// <code>
/// | length (a word) | level (4) | type (4) | data, filled up to a whole word |
///   UDP_SEGMENT (sent) 2 bytes, UDP_GRO (received) 4 bytes: a segment's length
///   IP_PKTINFO    interface (4), address to send from (4), address that it came to (4)
///   IPV6_PKTINFO  address (16), interface (4); IPv4 in its mapped form on a socket of both families
/// </code>
/// </summary>
internal static class ControlMessages
{
    public const int SolUdp = 17;
    public const int UdpSegment = 103;
    public const int UdpGro = 104;
    public const int SolIp = 0;
    public const int IpPacketInfo = 8;
    public const int SolIpv6 = 41;
    public const int Ipv6ReceivePacketInfo = 49;
    public const int Ipv6PacketInfo = 50;

    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;
    private static readonly int Header = nint.Size + 8;

    /// <summary>Room for both notes on any machine.</summary>
    public const int Room = 96;

    /// <summary>Writes the segment size; returns the bytes that it took.</summary>
    public static int WriteSegmentSize(Span<byte> control, int size)
    {
        var data = WriteHeader(control, SolUdp, UdpSegment, sizeof(ushort));
        var value = (ushort)size;
        MemoryMarshal.Write(data, in value);
        return Header + Fill(sizeof(ushort));
    }

    /// <summary>Writes the address to send from; returns the bytes that it took.</summary>
    public static int WriteSource(Span<byte> control, bool isIPv6, ulong high, ulong low)
    {
        if (isIPv6)
        {
            var six = WriteHeader(control, SolIpv6, Ipv6PacketInfo, 20);
            BinaryPrimitives.WriteUInt64BigEndian(six, high);
            BinaryPrimitives.WriteUInt64BigEndian(six[8..], low);
            six[16..20].Clear();
            return Header + Fill(20);
        }

        var four = WriteHeader(control, SolIp, IpPacketInfo, 12);
        four[..12].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(four[4..], (uint)low);
        return Header + Fill(12);
    }

    /// <summary>Reads what the kernel said about a message: 0 for a size and an address that it did not say.</summary>
    public static void Read(ReadOnlySpan<byte> control, out int segmentSize, out ulong high, out ulong low)
    {
        (segmentSize, high, low) = (0, 0, 0);
        while (control.Length >= Header)
        {
            var length = (int)MemoryMarshal.Read<nint>(control);
            if (length < Header || length > control.Length)
                return;
            var data = control[Header..length];
            switch (MemoryMarshal.Read<int>(control[nint.Size..]), MemoryMarshal.Read<int>(control[(nint.Size + 4)..]))
            {
                case (SolUdp, UdpGro):
                    segmentSize = MemoryMarshal.Read<int>(data);
                    break;
                case (SolIpv6, Ipv6PacketInfo):
                    high = BinaryPrimitives.ReadUInt64BigEndian(data);
                    low = BinaryPrimitives.ReadUInt64BigEndian(data[8..]);
                    break;
                case (SolIp, IpPacketInfo):
                    low = MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(data[8..]);
                    break;
            }

            control = control[Math.Min(Fill(length), control.Length)..];
        }
    }

    private static Span<byte> WriteHeader(Span<byte> control, int level, int type, int dataLength)
    {
        nint length = Header + dataLength;
        MemoryMarshal.Write(control, in length);
        MemoryMarshal.Write(control[nint.Size..], in level);
        MemoryMarshal.Write(control[(nint.Size + 4)..], in type);
        return control[Header..];
    }

    private static int Fill(int length) => (length + nint.Size - 1) & -nint.Size;
}
