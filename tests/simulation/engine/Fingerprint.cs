using System.Buffers.Binary;
using System.Numerics;

namespace WeCan.Simulation;

/// <summary>
/// A 64-bit hash of everything that was added, in the order in which it was: two runs with the same fingerprint did the
/// same. It is the same on every machine, takes eight bytes at a step, and withstands accidents, not adversaries.
/// </summary>
public sealed class Fingerprint
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;

    private ulong _state;

    public ulong Value => Finish(_state);

    public void Add(ulong value) => _state = Step(_state, value);

    public void Add(long value) => Add((ulong)value);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add((ulong)bytes.Length);
        if (bytes.Length >= 32)
            bytes = AddBlocks(bytes);
        for (; bytes.Length >= 8; bytes = bytes[8..])
            Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        ulong tail = 0;
        foreach (var value in bytes)
            tail = (tail << 8) | value;
        Add(tail);
    }

    /// <summary>Four chains side by side: one alone would wait for each of its own multiplications.</summary>
    private ReadOnlySpan<byte> AddBlocks(ReadOnlySpan<byte> bytes)
    {
        ulong a = Prime1, b = Prime2, c = ~Prime1, d = ~Prime2;
        for (; bytes.Length >= 32; bytes = bytes[32..])
        {
            a = Step(a, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            b = Step(b, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            c = Step(c, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
            d = Step(d, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
        }

        Add(a);
        Add(b);
        Add(c);
        Add(d);
        return bytes;
    }

    private static ulong Step(ulong state, ulong value) => (BitOperations.RotateLeft(state ^ (value * Prime2), 31) * Prime1) + Prime3;

    private static ulong Finish(ulong state)
    {
        state = (state ^ (state >> 33)) * Prime2;
        state = (state ^ (state >> 29)) * Prime1;
        return state ^ (state >> 32);
    }
}
