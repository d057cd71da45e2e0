namespace WeCan.Protocol.Wire;

/// <summary>The frame types of docs/wire-format.md, section 5.</summary>
internal static class FrameType
{
    public const byte Padding = 0x00;
    public const byte Ping = 0x01;
    public const byte Ack = 0x02;
    public const byte Time = 0x03;
    public const byte Close = 0x04;
    public const byte RekeyOffer = 0x05;
    public const byte RekeyAccept = 0x06;
    public const byte Life = 0x07;
    public const byte Trial = 0x08;
    public const byte FirstData = 0x10;
    public const byte LastData = 0x1F;
    public const byte FirstRepair = 0x20;
    public const byte LastRepair = 0x23;
    public const byte FirstExtension = 0x80;
}
