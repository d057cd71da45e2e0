using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>
/// A DATA frame: one path packet, or one of the two pieces of one that was too long. docs/wire-format.md, section 5.6.
/// <code>
///   type: 0 0 0 1 L P C C
/// +------+-------------+ - - - - - - - +- - - - - - - - + - - - - - -
/// | type | symbol  (3) |  length (2)   |  piece (1)     |  content
/// +------+-------------+ - - - - - - - +- - - - - - - - + - - - - - -
///                         if L             if P
/// </code>
/// </summary>
internal readonly ref struct DataFrame
{
    /// <summary>What stands before the content of a whole packet that ends its datagram.</summary>
    public const int MinHeader = 4;

    public const int LengthField = 2;

    public const int PieceField = 1;

    public const sbyte Whole = -1;

    private const byte LengthBit = 0x08;
    private const byte PieceBit = 0x04;

    private DataFrame(ServiceClass serviceClass, uint symbol, sbyte piece, ReadOnlySpan<byte> content)
    {
        Class = serviceClass;
        Symbol = symbol;
        Piece = piece;
        Content = content;
    }

    public ServiceClass Class { get; }

    /// <summary>The low 24 bits of the symbol's number.</summary>
    public uint Symbol { get; }

    /// <summary><see cref="Whole"/>, or which of the two pieces.</summary>
    public sbyte Piece { get; }

    public ReadOnlySpan<byte> Content { get; }

    /// <summary>Reads the frame behind a type byte from 0x10 to 0x1F.</summary>
    public static bool TryRead(byte type, scoped ref WireReader reader, out DataFrame frame)
    {
        frame = default;
        if (!reader.TryReadUInt24(out var symbol))
            return false;
        var length = -1;
        if ((type & LengthBit) != 0)
        {
            if (!reader.TryReadUInt16(out var given))
                return false;
            length = given;
        }

        var piece = Whole;
        if ((type & PieceBit) != 0)
        {
            if (!reader.TryReadByte(out var index) || index > 1)
                return false;
            piece = (sbyte)index;
        }

        if (!reader.TryReadBytes(length < 0 ? reader.Remaining : length, out var content))
            return false;
        if (content.IsEmpty || content.Length > WireLimits.MaxPathPacket)
            return false;
        frame = new((ServiceClass)(type & 3), symbol, piece, content);
        return true;
    }

    public static int HeaderLength(bool withLength, sbyte piece) =>
        MinHeader + (withLength ? LengthField : 0) + (piece == Whole ? 0 : PieceField);

    public static void Write(ref WireWriter writer, ServiceClass serviceClass, ulong symbol, sbyte piece, bool withLength, ReadOnlySpan<byte> content)
    {
        writer.WriteByte((byte)(FrameType.FirstData | (withLength ? LengthBit : 0) | (piece == Whole ? 0 : PieceBit) | (byte)serviceClass));
        writer.WriteUInt24((uint)symbol & 0xFF_FFFF);
        if (withLength)
            writer.WriteUInt16((ushort)content.Length);
        if (piece != Whole)
            writer.WriteByte((byte)piece);
        writer.WriteBytes(content);
    }
}
