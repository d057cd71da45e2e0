using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Tests.MessagePack;

public sealed class MessagePackPropertyTests
{
    // The seed is fixed so that every run is the same run: what a failure shows can be seen again.
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(1_500).WithReplay(20_260_921, 4_600_001);

    [Fact]
    public void What_is_written_is_read()
    {
        Prop.ForAll(Arb.From(Values()), value =>
        {
            var bytes = Encode(value);
            var reader = new MessagePackReader(bytes);
            return Value.Read(ref reader)?.ToString() == value.ToString() && reader.IsAtEnd;
        }).Check(Config);
    }

    [Fact]
    public void What_is_written_is_skipped_whole_and_every_cut_of_it_refused()
    {
        Prop.ForAll(Arb.From(Values()), value =>
        {
            var bytes = Encode(value);
            var reader = new MessagePackReader(bytes);
            if (!reader.TrySkip() || !reader.IsAtEnd)
                return false;
            // Every cut of what is short, and fewer and fewer the longer it gets, so that long values cost no more.
            for (var length = 0; length < bytes.Length; length += 1 + (length / 32))
            {
                var cut = new MessagePackReader(bytes.AsSpan(0, length));
                if (cut.TrySkip() || cut.Position != 0 || Value.Read(ref cut) is not null)
                    return false;
            }

            return true;
        }).Check(Config);
    }

    [Fact]
    public void A_span_holds_the_beginning_that_the_growing_output_has()
    {
        Prop.ForAll(Arb.From(Values()), Arb.From(Gen.Choose(0, 200)), (value, size) =>
        {
            var bytes = Encode(value);
            var room = new byte[size];
            var writer = new MessagePackWriter(room);
            value.Write(ref writer);
            return writer.HasOverflowed == size < bytes.Length
                && (writer.HasOverflowed || writer.BytesWritten == bytes.Length)
                && room.AsSpan(0, (int)writer.BytesWritten).SequenceEqual(bytes.AsSpan(0, (int)writer.BytesWritten));
        }).Check(Config);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        Prop.ForAll(Arb.From(Bytes(60)), bytes =>
        {
            var reader = new MessagePackReader(bytes);
            return Value.Read(ref reader) is null || Encode(bytes).Length <= reader.Position;
        }).Check(Config);

        static byte[] Encode(byte[] bytes)
        {
            var reader = new MessagePackReader(bytes);
            return MessagePackPropertyTests.Encode(Value.Read(ref reader)!);
        }
    }

    private static byte[] Encode(Value value)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        value.Write(ref writer);
        return output.WrittenSpan.ToArray();
    }

    private static Gen<Value> Values() => Gen.Sized(size => Values(Math.Min(size, 40)));

    private static Gen<Value> Values(int size)
    {
        if (size <= 1)
            return Leaves();
        var smaller = Values(size / 3);
        var pair = from key in Values(size / 6) from item in smaller select (key, item);
        return Gen.Frequency(
            (3, Leaves()),
            (1, from count in Gen.Choose(0, Math.Min(size, 18)) from items in smaller.ArrayOf(count) select (Value)new ArrayValue(items)),
            (1, from count in Gen.Choose(0, Math.Min(size, 18)) from pairs in pair.ArrayOf(count) select (Value)new MapValue(pairs)));
    }

    private static Gen<Value> Leaves() => Gen.OneOf(
        Gen.Constant((Value)new NilValue()),
        from flag in Gen.Elements(true, false) select (Value)new BooleanValue(flag),
        from number in Integers() select (Value)new IntegerValue(number),
        from bits in Bits() select (Value)new SingleValue(BitConverter.UInt32BitsToSingle((uint)bits)),
        from bits in Bits() select (Value)new DoubleValue(BitConverter.UInt64BitsToDouble(bits)),
        from text in Texts() select (Value)new StringValue(text),
        from bytes in Bytes(300) select (Value)new BinaryValue(bytes),
        from type in Gen.Choose(sbyte.MinValue, sbyte.MaxValue)
        where type != -1
        from data in Bytes(20)
        select (Value)new ExtensionValue((sbyte)type, data),
        from seconds in Integers()
        from nanoseconds in Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 999_999_999))
        select (Value)new TimestampValue(new((long)(ulong)(seconds & ulong.MaxValue), (uint)nanoseconds)));

    /// <summary>Every size of number as often as every other: otherwise nearly all would need all 64 bits.</summary>
    private static Gen<Int128> Integers() =>
        from bits in Bits()
        from shift in Gen.Choose(0, 63)
        from isNegative in Gen.Elements(true, false)
        select isNegative ? (Int128)((long)bits >> shift) : bits >> shift;

    private static Gen<ulong> Bits() =>
        from parts in Gen.Choose(0, ushort.MaxValue).ArrayOf(4)
        select parts.Aggregate(0UL, (bits, part) => (bits << 16) | (uint)part);

    private static Gen<byte[]> Bytes(int max) =>
        from length in Gen.Choose(0, max)
        from bytes in Gen.Choose(0, 255).ArrayOf(length)
        select bytes.Select(b => (byte)b).ToArray();

    private static Gen<string> Texts()
    {
        var runes = Gen.OneOf(Gen.Choose(0, 0x7f), Gen.Choose(0x80, 0x7ff), Gen.Choose(0x800, 0xd7ff), Gen.Choose(0xe000, 0x10ffff));
        return from length in Gen.Choose(0, 120)
               from points in runes.ArrayOf(length)
               select string.Concat(points.Select(char.ConvertFromUtf32));
    }
}
