using System.Buffers.Binary;

namespace WeCan.Protocol.Crypto;

/// <summary>
/// The protocol's only source of randomness: a generator whose whole output follows from a seed of 32 bytes, handed in
/// by whoever drives the protocol (the runtime seeds it from the system, a simulation from its seed). Promises
/// cryptographic strength, as ephemeral keys come from it: ChaCha20 with fast key erasure, so that what it
/// has given cannot be found from its memory afterwards. For one thread.
/// </summary>
public sealed class DeterministicRandom
{
    public const int SeedBytes = 32;

    private const int BufferBytes = 8 * ChaCha20Block.Bytes;

    private readonly byte[] _key = new byte[SeedBytes];
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _used = BufferBytes;

    public DeterministicRandom(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != SeedBytes)
            throw new ArgumentException($"A seed has {SeedBytes} bytes.", nameof(seed));
        seed.CopyTo(_key);
    }

    /// <summary>For simulations and tests, whose seeds are numbers. Not for keys that protect anything: a number can be guessed.</summary>
    public static DeterministicRandom FromNumber(ulong seed)
    {
        Span<byte> bytes = stackalloc byte[SeedBytes];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, seed);
        return new(bytes);
    }

    public void Fill(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (_used == BufferBytes)
                Refill();
            var bytes = _buffer.AsSpan(_used, Math.Min(destination.Length, BufferBytes - _used));
            bytes.CopyTo(destination);
            bytes.Clear();
            _used += bytes.Length;
            destination = destination[bytes.Length..];
        }
    }

    public uint NextUInt32()
    {
        var bytes = Take(sizeof(uint));
        var value = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        bytes.Clear();
        return value;
    }

    public ulong NextUInt64()
    {
        var bytes = Take(sizeof(ulong));
        var value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        bytes.Clear();
        return value;
    }

    /// <summary>At least 0, less than 1, in steps of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>At least 0, less than <paramref name="exclusiveMax"/>, without bias (Lemire's multiplication with rejection).</summary>
    public int Next(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        var bound = (uint)exclusiveMax;
        var product = (ulong)NextUInt32() * bound;
        if ((uint)product < bound)
        {
            var threshold = (0u - bound) % bound;
            while ((uint)product < threshold)
                product = (ulong)NextUInt32() * bound;
        }

        return (int)(product >> 32);
    }

    private Span<byte> Take(int count)
    {
        if (BufferBytes - _used < count)
            Refill();
        var bytes = _buffer.AsSpan(_used, count);
        _used += count;
        return bytes;
    }

    /// <summary>The key makes the buffer, and the buffer's head is the next key: none is used twice.</summary>
    private void Refill()
    {
        for (var block = 0; block < BufferBytes / ChaCha20Block.Bytes; block++)
            ChaCha20Block.Write(_key, (uint)block, nonce: default, _buffer.AsSpan(block * ChaCha20Block.Bytes));
        _buffer.AsSpan(0, SeedBytes).CopyTo(_key);
        _buffer.AsSpan(0, SeedBytes).Clear();
        _used = SeedBytes;
    }
}
