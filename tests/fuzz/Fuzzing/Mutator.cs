using System.Buffers.Binary;
using WeCan.Lab.Wan;

namespace WeCan.Fuzz.Tests.Fuzzing;

/// <summary>
/// Turns a good input into a bad one, by one to four small changes of the kinds that break parsers. The same seed gives
/// the same changes.
/// </summary>
internal sealed class Mutator(WanRandom random)
{
    public const int MaxLength = 2_000;

    private static readonly byte[] Bytes = [0, 1, 2, 7, 0x0F, 0x10, 0x1F, 0x20, 0x3F, 0x40, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xFE, 0xFF];

    private static readonly byte[][] VarInts =
    [
        [0x00], [0x3F], [0x40, 0x00], [0x7F, 0xFF], [0x80, 0, 0, 0], [0xBF, 0xFF, 0xFF, 0xFF],
        [0xC0, 0, 0, 0, 0, 0, 0, 0], [0xC0, 0, 0, 0, 0, 0, 0, 1], [0xC0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF],
        [0xC0, 0, 0, 1, 0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
    ];

    public byte[] Mutate(byte[] input, byte[] other)
    {
        byte[] result = [.. input];
        for (var changes = 1 + random.Next(4); changes > 0; changes--)
            result = Change(result, other);
        return result.Length > MaxLength ? result[..MaxLength] : result;
    }

    public byte[] Garbage(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)random.NextUInt64();
        return bytes;
    }

    private byte[] Change(byte[] input, byte[] other)
    {
        if (input.Length == 0)
            return Garbage(1 + random.Next(8));
        var at = random.Next(input.Length);
        switch (random.Next(11))
        {
            case 0:
                input[at] ^= (byte)(1 << random.Next(8));
                return input;
            case 1:
                input[at] = Bytes[random.Next(Bytes.Length)];
                return input;
            case 2:
                input[at] += (byte)(random.Next(9) - 4);
                return input;
            case 3:
                return input[..at];
            case 4:
                return [.. input, .. Garbage(1 + random.Next(random.Next(8) == 0 ? 600 : 16))];
            case 5:
                return [.. input[..at], .. other.AsSpan(Math.Min(random.Next(other.Length + 1), other.Length))];
            case 6:
                return Overwrite(input, at, VarInts[random.Next(VarInts.Length)]);
            case 7:
                return AttackLength(input, at);
            case 8:
                return [.. input[..at], .. input.AsSpan(Math.Min(input.Length, at + 1 + random.Next(8)))];
            case 9:
                return [.. input[..at], .. input.AsSpan(at, Math.Min(input.Length - at, 1 + random.Next(32))), .. input[at..]];
            default:
                return Overwrite(input, at, Garbage(1 + random.Next(4)));
        }
    }

    /// <summary>Sixteen bits that are nearly, exactly, or wildly not how much follows.</summary>
    private byte[] AttackLength(byte[] input, int at)
    {
        var bytes = new byte[2];
        var rest = input.Length - at;
        ReadOnlySpan<int> values = [0, 1, rest - 3, rest - 2, rest - 1, rest, rest + 1, 1_200, 1_280, 1_281, 0x7FFF, 0x8000, 0xFFFF];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)values[random.Next(values.Length)]);
        return Overwrite(input, at, bytes);
    }

    private static byte[] Overwrite(byte[] input, int at, byte[] bytes)
    {
        bytes.AsSpan(0, Math.Min(bytes.Length, input.Length - at)).CopyTo(input.AsSpan(at));
        return input;
    }
}
