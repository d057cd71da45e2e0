using System.Buffers;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Tests.MessagePack;

/// <summary>
/// Mutates what is well formed and what is hostile, and holds the reader to its promise: no exception, a position that
/// only moves forward and never past the end, refusal without movement, an end, and memory no more than a multiple of
/// the input. A failure names seed and round, and the bytes: these belong into corpus/hostile.txt.
/// </summary>
public sealed class MessagePackFuzzTests
{
    private const int RoundsPerSeed = 50_000;

    /// <summary>A string of one character takes two bytes of input and an object of 24; anything else takes less.</summary>
    private const int AllocationPerInputByte = 12;

    private const int MethodCount = 21;

    private static readonly byte[][] Corpus =
    [
        .. GoldenVectors.All.Select(vector => vector.Bytes),
        .. GoldenVectors.Malformed.Select(vector => vector.Bytes),
        .. GoldenVectors.Hostile,
    ];

    [Fact]
    public void The_corpus_as_it_is_holds()
    {
        for (var i = 0; i < Corpus.Length; i++)
            Check(Corpus[i], new Random(i), $"corpus entry {i}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Mutations_of_the_corpus_hold(int seed)
    {
        var seeds = Corpus.Where(bytes => bytes.Length is > 0 and < 1_500).ToArray();
        var random = new Random(seed);
        Check(seeds[0], random, "warming up");
        for (var round = 0; round < RoundsPerSeed; round++)
            Check(Mutate(seeds, random), random, $"seed {seed}, round {round}");
    }

    private static byte[] Mutate(byte[][] seeds, Random random)
    {
        var bytes = (byte[])Pick(seeds, random).Clone();
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            bytes = random.Next(7) switch
            {
                0 => Random(random, random.Next(1, 80)),
                1 => bytes[..random.Next(bytes.Length + 1)],
                2 => [.. bytes, .. Pick(seeds, random)],
                3 => Splice(bytes, Pick(seeds, random), random),
                4 => Wrap(bytes, random),
                5 => Overwrite(bytes, Random(random, random.Next(1, 9)), random),
                _ => Flip(bytes, random),
            };
        }

        return bytes;
    }

    private static byte[] Pick(byte[][] seeds, Random random) => seeds[random.Next(seeds.Length)];

    private static byte[] Random(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Flip(byte[] bytes, Random random)
    {
        if (bytes.Length > 0)
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private static byte[] Overwrite(byte[] bytes, byte[] patch, Random random)
    {
        if (bytes.Length >= patch.Length)
            patch.CopyTo(bytes, random.Next(bytes.Length - patch.Length + 1));
        return bytes;
    }

    private static byte[] Splice(byte[] bytes, byte[] other, Random random) =>
        [.. bytes[..random.Next(bytes.Length + 1)], .. other[random.Next(other.Length)..]];

    /// <summary>Puts the bytes into a container whose count is about right, so that mutations reach deeper than the head.</summary>
    private static byte[] Wrap(byte[] bytes, Random random) => random.Next(3) switch
    {
        0 => [(byte)(0x90 + random.Next(4)), .. bytes],
        1 => [0x81, 0x01, .. bytes],
        _ => [0xdd, 0, 0, (byte)(bytes.Length >> 8), (byte)(bytes.Length + random.Next(-1, 2)), .. bytes],
    };

    private static void Check(byte[] bytes, Random random, string origin)
    {
        try
        {
            // The methods are drawn before, so that only the reader's own allocations are counted.
            Span<byte> methods = stackalloc byte[64];
            random.NextBytes(methods);
            var allocated = AllocatedByWalk(bytes, methods);

            // Compiling a method anew, which happens now and then, allocates on the thread that waits for it; the reader would do it again.
            if (allocated > AllocationPerInputByte * bytes.Length)
                allocated = AllocatedByWalk(bytes, methods);
            Assert.True(allocated <= AllocationPerInputByte * bytes.Length, $"{allocated} bytes were allocated");
            CheckValue(bytes);
        }
        catch (Exception exception)
        {
            var shown = Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 2_000)));
            throw new InvalidOperationException($"{origin}, {bytes.Length} bytes: {shown}", exception);
        }
    }

    private static long AllocatedByWalk(byte[] bytes, ReadOnlySpan<byte> methods)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Walk(bytes, methods);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Reads on and on with whichever method comes, and steps over what that one refuses.</summary>
    private static void Walk(byte[] bytes, ReadOnlySpan<byte> methods)
    {
        var reader = new MessagePackReader(bytes);
        for (var step = 0; !reader.IsAtEnd; step++)
        {
            var before = reader.Position;
            var isRead = Read(ref reader, methods[step % methods.Length] % MethodCount);
            if (!isRead && reader.Position != before)
                throw new InvalidOperationException($"a refused read moved from {before} to {reader.Position}");
            if (!isRead && !reader.TrySkip() && !reader.TryReadArrayHeader(out _) && !reader.TryReadMapHeader(out _))
                return;
            if (reader.Position <= before || reader.Position > bytes.Length || reader.Remaining != bytes.Length - reader.Position)
                throw new InvalidOperationException($"a read moved from {before} to {reader.Position}");
        }
    }

    private static bool Read(ref MessagePackReader reader, int method) => method switch
    {
        0 => reader.TryReadNil(),
        1 => reader.TryReadBoolean(out _),
        2 => reader.TryReadByte(out _),
        3 => reader.TryReadUInt16(out _),
        4 => reader.TryReadUInt32(out _),
        5 => reader.TryReadUInt64(out _),
        6 => reader.TryReadSByte(out _),
        7 => reader.TryReadInt16(out _),
        8 => reader.TryReadInt32(out _),
        9 => reader.TryReadInt64(out _),
        10 => reader.TryReadSingle(out _),
        11 => reader.TryReadDouble(out _),
        12 or 13 => reader.TryReadString(out _),
        14 => reader.TryReadStringBytes(out _),
        15 => reader.TryReadBinary(out _),
        16 => reader.TryReadExtension(out _, out _),
        17 => reader.TryReadTimestamp(out _),
        18 => reader.TryReadArrayHeader(out _),
        19 => reader.TryReadMapHeader(out _),
        _ => reader.TrySkip(2),
    };

    /// <summary>What the typed methods read whole, skipping takes too, and encoding and decoding it again changes nothing.</summary>
    private static void CheckValue(byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        if (Value.Read(ref reader) is not { } value)
            return;
        var skipping = new MessagePackReader(bytes);
        Assert.True(skipping.TrySkip());
        Assert.Equal(reader.Position, skipping.Position);

        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        value.Write(ref writer);
        Assert.True(output.WrittenCount <= reader.Position);
        var again = new MessagePackReader(output.WrittenSpan);
        Assert.Equal(value.ToString(), Value.Read(ref again)?.ToString());
        Assert.True(again.IsAtEnd);
    }
}
