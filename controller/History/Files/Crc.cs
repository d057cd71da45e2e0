using System.Buffers.Binary;
using System.Numerics;

namespace WeCan.Controller.History.Files;

/// <summary>CRC-32C, by the processor's own instruction where it has one.</summary>
internal static class Crc
{
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = uint.MaxValue)
    {
        var crc = before;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var each in bytes)
            crc = BitOperations.Crc32C(crc, each);
        return crc;
    }
}
