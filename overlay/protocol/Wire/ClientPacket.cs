using System.Buffers.Binary;
using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>
/// The head of a packet on the link between a client and its edge, which has one hop to go: docs/wire-format.md, section 6.3.
/// <code>
///   1 0 0 p p p 0 0
/// +-------+ - - - - - - +------------------
/// | kind  | deadline(4) | transport packet
/// +-------+ - - - - - - +------------------
///         Realtime only
/// </code>
/// </summary>
internal readonly ref struct ClientPacket
{
    public const int Kind = 2;

    public const int MaxHeader = 5;

    private const byte ReservedBits = 0x23;

    /// <summary>The first and the last type of the transport packets that go between a client and its edge: STREAM, CONFIRM, RESET, REALTIME.</summary>
    private const int FirstType = 1;
    private const int LastType = 4;

    private ClientPacket(byte priority, uint deadline, ReadOnlySpan<byte> payload)
    {
        Priority = priority;
        Deadline = deadline;
        Payload = payload;
    }

    public byte Priority { get; }

    /// <summary>µs modulo 2^32 on the sender's link clock; 0 where the class has none.</summary>
    public uint Deadline { get; }

    /// <summary>The transport packet, of a type that may come.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    public static int HeaderOf(ServiceClass serviceClass) => serviceClass == ServiceClass.Realtime ? MaxHeader : 1;

    public static bool TryRead(ReadOnlySpan<byte> bytes, ServiceClass serviceClass, out ClientPacket packet)
    {
        packet = default;
        var header = HeaderOf(serviceClass);
        if (bytes.Length <= header || bytes[0] >> PathHeader.KindShift != Kind || (bytes[0] & ReservedBits) != 0)
            return false;
        if (bytes[header] >> 4 is < FirstType or > LastType)
            return false;
        var deadline = serviceClass == ServiceClass.Realtime ? BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]) : 0;
        packet = new((byte)((bytes[0] >> PathHeader.PriorityShift) & 7), deadline, bytes[header..]);
        return true;
    }

    /// <summary>Writes the head; the transport packet goes behind it, at <see cref="HeaderOf"/>.</summary>
    public static void Write(Span<byte> buffer, ServiceClass serviceClass, byte priority, uint deadline)
    {
        buffer[0] = (byte)((Kind << PathHeader.KindShift) | (priority << PathHeader.PriorityShift));
        if (serviceClass == ServiceClass.Realtime)
            BinaryPrimitives.WriteUInt32BigEndian(buffer[1..], deadline);
    }
}
