namespace WeCan.Contracts.MessagePack;

/// <summary>
/// The first bytes of the format's values. Where a kind has several widths, only the narrowest is named: the wider
/// ones follow it in order, each twice as wide.
/// </summary>
internal static class MessagePackCode
{
    public const byte PositiveFixIntMax = 0x7f;
    public const byte FixMap = 0x80;
    public const byte FixArray = 0x90;
    public const byte FixString = 0xa0;
    public const byte Nil = 0xc0;
    public const byte NeverUsed = 0xc1;
    public const byte False = 0xc2;
    public const byte True = 0xc3;
    public const byte Binary8 = 0xc4;
    public const byte Extension8 = 0xc7;
    public const byte Float32 = 0xca;
    public const byte Float64 = 0xcb;
    public const byte UInt8 = 0xcc;
    public const byte Int8 = 0xd0;
    public const byte FixExtension1 = 0xd4;
    public const byte String8 = 0xd9;
    public const byte Array16 = 0xdc;
    public const byte Map16 = 0xde;
    public const byte NegativeFixInt = 0xe0;

    public const int FixContainerMax = 15;
    public const int FixStringMax = 31;
    public const int NegativeFixIntMin = -32;

    /// <summary>The extension type that the specification gives to timestamps.</summary>
    public const sbyte TimestampType = -1;
}
