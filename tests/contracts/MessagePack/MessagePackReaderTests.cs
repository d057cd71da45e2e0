using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Tests.MessagePack;

public sealed class MessagePackReaderTests
{
    /// <summary>Every reading method, as one shape: whether it read, and where it left the position.</summary>
    private delegate bool Attempt(ref MessagePackReader reader);

    private static readonly (MessagePackType Type, Attempt Read)[] Typed =
    [
        (MessagePackType.Nil, (ref reader) => reader.TryReadNil()),
        (MessagePackType.Boolean, (ref reader) => reader.TryReadBoolean(out _)),
        (MessagePackType.Integer, (ref reader) => reader.TryReadByte(out _)),
        (MessagePackType.Integer, (ref reader) => reader.TryReadUInt16(out _)),
        (MessagePackType.Integer, (ref reader) => reader.TryReadUInt32(out _)),
        (MessagePackType.Integer, (ref reader) => reader.TryReadUInt64(out _)),
        (MessagePackType.Integer, (ref reader) => reader.TryReadSByte(out _)),
        (MessagePackType.Integer, (ref reader) => reader.TryReadInt16(out _)),
        (MessagePackType.Integer, (ref reader) => reader.TryReadInt32(out _)),
        (MessagePackType.Integer, (ref reader) => reader.TryReadInt64(out _)),
        (MessagePackType.Float, (ref reader) => reader.TryReadSingle(out _)),
        (MessagePackType.Float, (ref reader) => reader.TryReadDouble(out _)),
        (MessagePackType.String, (ref reader) => reader.TryReadString(out _)),
        (MessagePackType.String, (ref reader) => reader.TryReadStringBytes(out _)),
        (MessagePackType.Binary, (ref reader) => reader.TryReadBinary(out _)),
        (MessagePackType.Extension, (ref reader) => reader.TryReadExtension(out _, out _)),
        (MessagePackType.Extension, (ref reader) => reader.TryReadTimestamp(out _)),
        (MessagePackType.Array, (ref reader) => reader.TryReadArrayHeader(out _)),
        (MessagePackType.Map, (ref reader) => reader.TryReadMapHeader(out _)),
    ];

    [Fact]
    public void A_method_for_another_type_refuses_and_stays()
    {
        foreach (var vector in GoldenVectors.All.Where(vector => vector.Bytes.Length < 100))
        {
            foreach (var (type, read) in Typed)
            {
                var reader = new MessagePackReader(vector.Bytes);
                if (type == reader.NextType)
                    continue;
                Assert.False(read(ref reader), vector.Name);
                Assert.Equal(0, reader.Position);
            }
        }
    }

    [Fact]
    public void What_is_refused_leaves_the_position()
    {
        foreach (var vector in GoldenVectors.Malformed)
        {
            byte[] preceded = [0xc0, .. vector.Bytes];
            foreach (var (_, read) in Typed)
            {
                var reader = new MessagePackReader(preceded);
                Assert.True(reader.TryReadNil());
                Assert.True(read(ref reader) ? reader.Position > 1 : reader.Position == 1, vector.Name);
            }
        }
    }

    [Fact]
    public void Integers_are_read_where_the_wanted_type_holds_them()
    {
        foreach (var vector in GoldenVectors.All)
        {
            if (vector.Value is not IntegerValue { Number: var number })
                continue;
            CheckInteger((ref r) => r.TryReadByte(out var v) ? v : null, byte.MinValue, byte.MaxValue);
            CheckInteger((ref r) => r.TryReadUInt16(out var v) ? v : null, ushort.MinValue, ushort.MaxValue);
            CheckInteger((ref r) => r.TryReadUInt32(out var v) ? v : null, uint.MinValue, uint.MaxValue);
            CheckInteger((ref r) => r.TryReadUInt64(out var v) ? v : null, ulong.MinValue, ulong.MaxValue);
            CheckInteger((ref r) => r.TryReadSByte(out var v) ? v : null, sbyte.MinValue, sbyte.MaxValue);
            CheckInteger((ref r) => r.TryReadInt16(out var v) ? v : null, short.MinValue, short.MaxValue);
            CheckInteger((ref r) => r.TryReadInt32(out var v) ? v : null, int.MinValue, int.MaxValue);
            CheckInteger((ref r) => r.TryReadInt64(out var v) ? v : null, long.MinValue, long.MaxValue);

            void CheckInteger(ReadInteger read, Int128 min, Int128 max)
            {
                var reader = new MessagePackReader(vector.Bytes);
                var fits = number >= min && number <= max;
                Assert.Equal(fits ? number : null, read(ref reader));
                Assert.Equal(fits ? vector.Bytes.Length : 0, reader.Position);
            }
        }
    }

    private delegate Int128? ReadInteger(ref MessagePackReader reader);

    [Fact]
    public void A_double_is_read_from_either_width_and_a_single_from_its_own()
    {
        foreach (var vector in GoldenVectors.All)
        {
            var reader = new MessagePackReader(vector.Bytes);
            if (vector.Value is SingleValue { Number: var single })
            {
                Assert.True(reader.TryReadDouble(out var wide));
                Assert.Equal((double)single, wide);
            }
            else if (vector.Value is DoubleValue)
            {
                Assert.False(reader.TryReadSingle(out _));
            }
        }
    }

    [Fact]
    public void A_string_that_is_not_utf8_is_read_as_bytes_only()
    {
        var reader = new MessagePackReader([0xa2, 0xc3, 0x28]);
        Assert.False(reader.TryReadString(out var text));
        Assert.Null(text);
        Assert.Equal(0, reader.Position);
        Assert.True(reader.TryReadStringBytes(out var bytes));
        Assert.Equal([0xc3, 0x28], bytes.ToArray());
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void A_timestamp_is_an_extension_of_type_minus_one()
    {
        var reader = new MessagePackReader([0xd6, 0xff, 0, 0, 0, 1]);
        Assert.Equal(MessagePackType.Extension, reader.NextType);
        Assert.True(reader.TryReadExtension(out var type, out var data));
        Assert.Equal(-1, type);
        Assert.Equal([0, 0, 0, 1], data.ToArray());
        reader = new MessagePackReader([0xd6, 0x01, 0, 0, 0, 1]);
        Assert.False(reader.TryReadTimestamp(out _));
    }

    [Theory]
    [InlineData("c700ff")]
    [InlineData("d4ff00")]
    [InlineData("d5ff0000")]
    [InlineData("c703ff000000")]
    [InlineData("c70bff0000000000000000000000")]
    [InlineData("c70dff00000000000000000000000000")]
    [InlineData("d8ff00000000000000000000000000000000")]
    public void A_timestamp_of_another_length_is_none(string hex)
    {
        var reader = new MessagePackReader(Convert.FromHexString(hex));
        Assert.False(reader.TryReadTimestamp(out _));
        Assert.Equal(0, reader.Position);
        Assert.True(reader.TryReadExtension(out _, out _));
    }

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(4, 3, false)]
    [InlineData(15, 15, true)]
    [InlineData(15, 14, false)]
    public void An_array_is_refused_where_its_values_could_not_fit(int count, int bytesLeft, bool isRead)
    {
        byte[] message = [(byte)(0x90 + count), .. new byte[bytesLeft]];
        var reader = new MessagePackReader(message);
        Assert.Equal(isRead, reader.TryReadArrayHeader(out var read));
        Assert.Equal(isRead ? count : 0, read);
        Assert.Equal(isRead ? 1 : 0, reader.Position);
    }

    [Theory]
    [InlineData(3, 6, true)]
    [InlineData(3, 5, false)]
    [InlineData(0, 0, true)]
    public void A_map_is_refused_where_its_pairs_could_not_fit(int count, int bytesLeft, bool isRead)
    {
        byte[] message = [0xdf, 0, 0, 0, (byte)count, .. new byte[bytesLeft]];
        var reader = new MessagePackReader(message);
        Assert.Equal(isRead, reader.TryReadMapHeader(out var read));
        Assert.Equal(isRead ? count : 0, read);
        Assert.Equal(isRead ? 5 : 0, reader.Position);
    }

    [Theory]
    [InlineData(MessagePackLimits.MaxDepth, true)]
    [InlineData(MessagePackLimits.MaxDepth + 1, false)]
    [InlineData(1_000_000, false)]
    public void Skipping_goes_as_deep_as_the_limit(int depth, bool isSkipped)
    {
        byte[] message = [.. Enumerable.Repeat((byte)0x91, depth - 1), 0x90];
        var reader = new MessagePackReader(message);
        Assert.Equal(isSkipped, reader.TrySkip());
        Assert.Equal(isSkipped ? depth : 0, reader.Position);
    }

    [Fact]
    public void Depth_counts_what_is_open_not_what_was()
    {
        byte[] message = [0xdc, 0x01, 0x00, .. Enumerable.Repeat<byte[]>([0x91, 0x91, 0x90], 256).SelectMany(part => part)];
        var reader = new MessagePackReader(message);
        Assert.True(reader.TrySkip());
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void Skipping_several_values_takes_all_or_none()
    {
        var reader = new MessagePackReader([0x01, 0x92, 0x01, 0x02, 0xa1, 0x61]);
        Assert.False(reader.TrySkip(4));
        Assert.False(reader.TrySkip(-1));
        Assert.False(reader.TrySkip(int.MaxValue));
        Assert.Equal(0, reader.Position);
        Assert.True(reader.TrySkip(0));
        Assert.Equal(0, reader.Position);
        Assert.True(reader.TrySkip(2));
        Assert.Equal(4, reader.Position);
        Assert.Equal(2, reader.Remaining);
        Assert.True(reader.TrySkip());
        Assert.True(reader.IsAtEnd);
        Assert.False(reader.TrySkip());
    }

    [Fact]
    public void The_next_type_is_what_the_first_byte_says()
    {
        Assert.Equal(MessagePackType.End, new MessagePackReader([]).NextType);
        Assert.Equal(MessagePackType.Invalid, new MessagePackReader([0xc1]).NextType);
        foreach (var vector in GoldenVectors.All)
        {
            var expected = vector.Value switch
            {
                NilValue => MessagePackType.Nil,
                BooleanValue => MessagePackType.Boolean,
                IntegerValue => MessagePackType.Integer,
                SingleValue or DoubleValue => MessagePackType.Float,
                StringValue => MessagePackType.String,
                BinaryValue => MessagePackType.Binary,
                ArrayValue => MessagePackType.Array,
                MapValue => MessagePackType.Map,
                _ => MessagePackType.Extension,
            };
            Assert.Equal(expected, new MessagePackReader(vector.Bytes).NextType);
        }
    }
}
