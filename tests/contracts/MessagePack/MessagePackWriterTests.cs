using System.Buffers;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Tests.MessagePack;

public sealed class MessagePackWriterTests
{
    [Fact]
    public void What_does_not_fit_is_left_out_whole_with_all_that_follows()
    {
        Span<byte> room = stackalloc byte[5];
        var writer = new MessagePackWriter(room);
        writer.WriteInteger(1);
        writer.WriteString("hello");
        Assert.True(writer.HasOverflowed);
        Assert.Equal(1, writer.BytesWritten);
        writer.WriteNil();
        writer.WriteBinary([]);
        Assert.Equal(1, writer.BytesWritten);
        Assert.Equal(1, room[0]);
    }

    [Fact]
    public void An_overflow_touches_nothing_beyond_the_span()
    {
        foreach (var vector in GoldenVectors.All.Where(vector => vector.Bytes.Length < 100))
        {
            for (var size = 0; size < vector.Bytes.Length; size++)
            {
                var room = Enumerable.Repeat((byte)0xee, 120).ToArray();
                var writer = new MessagePackWriter(room.AsSpan(10, size));
                vector.Value.Write(ref writer);
                Assert.DoesNotContain(room[..10], b => b != 0xee);
                Assert.DoesNotContain(room[(10 + size)..], b => b != 0xee);
                Assert.True(writer.BytesWritten <= size);
            }
        }
    }

    [Fact]
    public void An_output_that_gives_the_least_it_may_gets_the_same_bytes()
    {
        foreach (var vector in GoldenVectors.All.Where(vector => vector.IsCanonical))
        {
            var output = new StingyOutput();
            var writer = new MessagePackWriter(output);
            vector.Value.Write(ref writer);
            Assert.False(writer.HasOverflowed);
            Assert.True(output.Written.AsSpan().SequenceEqual(vector.Bytes), vector.Name);
        }
    }

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteString("a\ud83db");
        var reader = new MessagePackReader(output.WrittenSpan);
        Assert.True(reader.TryReadString(out var text));
        Assert.Equal("a\ufffdb", text);
    }

    [Fact]
    public void Utf8_at_hand_makes_the_same_string()
    {
        foreach (var text in new[] { "", "key", "é漢🦀", new string('x', 32), new string('é', 200), new string('漢', 30_000) })
        {
            var fromText = new ArrayBufferWriter<byte>();
            var fromBytes = new ArrayBufferWriter<byte>();
            new MessagePackWriter(fromText).WriteString(text);
            new MessagePackWriter(fromBytes).WriteStringBytes(System.Text.Encoding.UTF8.GetBytes(text));
            Assert.True(fromText.WrittenSpan.SequenceEqual(fromBytes.WrittenSpan));
        }
    }

    [Fact]
    public void A_negative_count_is_our_bug()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessagePackWriter(new byte[9]).WriteArrayHeader(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MessagePackWriter(new byte[9]).WriteMapHeader(-1));
        Assert.Throws<ArgumentNullException>(() => new MessagePackWriter((IBufferWriter<byte>)null!));
    }

    [Fact]
    public void Writing_and_reading_allocate_nothing_but_the_text_asked_for()
    {
        var output = new ArrayBufferWriter<byte>(4096);
        var span = new byte[4096];
        RoundTrip(output, span);
        var allocated = long.MaxValue;

        // Compiling a method anew allocates on the thread that waits for it; what allocates by itself does so every time.
        for (var attempt = 0; attempt < 3 && allocated != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
                RoundTrip(output, span);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static void RoundTrip(ArrayBufferWriter<byte> output, byte[] span)
    {
        output.ResetWrittenCount();
        var growing = new MessagePackWriter(output);
        WriteEverything(ref growing);
        var fixedSize = new MessagePackWriter(span);
        WriteEverything(ref fixedSize);
        var reader = new MessagePackReader(output.WrittenSpan);
        var isRead = reader.TryReadMapHeader(out _)
            && reader.TryReadStringBytes(out _) && reader.TryReadInt32(out _)
            && reader.TryReadNil() && reader.TryReadUInt64(out _)
            && reader.TryReadDouble(out _) && reader.TryReadTimestamp(out _)
            && reader.TryReadBinary(out _) && reader.TryReadExtension(out _, out _)
            && reader.TrySkip() && reader.TryReadBoolean(out _)
            && reader.IsAtEnd;
        if (!isRead || fixedSize.BytesWritten != growing.BytesWritten)
            throw new InvalidOperationException("what was written must be read");
    }

    private static void WriteEverything(ref MessagePackWriter writer)
    {
        writer.WriteMapHeader(5);
        writer.WriteString("node");
        writer.WriteInteger(-70_000);
        writer.WriteNil();
        writer.WriteInteger(ulong.MaxValue);
        writer.WriteDouble(0.25);
        writer.WriteTimestamp(new(1_790_000_000, 1));
        writer.WriteBinary(new ReadOnlySpan<byte>([1, 2, 3]));
        writer.WriteExtension(5, "abc"u8);
        writer.WriteArrayHeader(2);
        writer.WriteSingle(1);
        writer.WriteStringBytes("x"u8);
        writer.WriteBoolean(true);
    }

    /// <summary>Gives out no more room than asked for, at a new place every time.</summary>
    private sealed class StingyOutput : IBufferWriter<byte>
    {
        private readonly MemoryStream _written = new();
        private byte[] _room = [];

        public byte[] Written => _written.ToArray();

        public void Advance(int count) => _written.Write(_room, 0, count);

        public Memory<byte> GetMemory(int sizeHint = 0) => _room = new byte[Math.Max(sizeHint, 1)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
