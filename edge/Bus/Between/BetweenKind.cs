namespace WeCan.Edge.Bus.Between;

/// <summary>
/// The first byte of what the buses of two edges say to each other: its low half is 3 (1 and 2 are the tunnels'), its high half says what
/// it is. docs/wire-format.md, section 12.
/// </summary>
internal static class BetweenKind
{
    /// <summary>Who wants what: <c>edge/Bus/Interest</c> has what follows.</summary>
    public const byte Interest = 0x03;

    public const byte Message = 0x13;
    public const byte Rest = 0x23;
    public const byte Realtime = 0x33;
    public const byte Lost = 0x43;

    private const byte ApplicationMask = 0x0F;
    private const byte Bus = 0x03;

    public static bool IsOfBus(byte first) => (first & ApplicationMask) == Bus;
}
