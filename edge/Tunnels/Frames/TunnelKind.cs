namespace WeCan.Edge.Tunnels.Frames;

/// <summary>
/// The first byte of a tunnel's message: its low half says which application of the edge a message belongs to (1 TCP, 2 UDP), its
/// high half what it is. docs/wire-format.md, section 9.
/// </summary>
internal static class TunnelKind
{
    /// <summary>No message begins with it.</summary>
    public const byte None = 0x00;

    public const byte Open = 0x01;
    public const byte Opened = 0x11;
    public const byte Refused = 0x21;
    public const byte Data = 0x31;
    public const byte Credit = 0x41;
    public const byte Fin = 0x51;
    public const byte Reset = 0x61;

    public const byte Forth = 0x02;
    public const byte First = 0x12;
    public const byte Back = 0x22;
    public const byte SessionOpened = 0x32;
    public const byte SessionRefused = 0x42;
    public const byte SessionUnknown = 0x52;

    private const byte ApplicationMask = 0x0F;
    private const byte Streams = 0x01;
    private const byte Datagrams = 0x02;

    public static bool IsOfStreams(byte first) => (first & ApplicationMask) == Streams;

    public static bool IsOfDatagrams(byte first) => (first & ApplicationMask) == Datagrams;
}
