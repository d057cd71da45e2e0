using System.Buffers;
using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Tests.MessagePack;

public sealed class GoldenVectorTests
{
    [Fact]
    public void There_are_vectors_for_every_code()
    {
        var codes = GoldenVectors.All.Select(vector => vector.Bytes[0]).ToHashSet();
        Assert.DoesNotContain(Enumerable.Range(0, 256), code => code != 0xc1 && !codes.Contains((byte)code));
    }

    [Fact]
    public void Their_bytes_decode_to_the_value()
    {
        Check(GoldenVectors.All, vector =>
        {
            var reader = new MessagePackReader(vector.Bytes);
            var value = Value.Read(ref reader);
            return value?.ToString() == vector.Value.ToString() && reader.IsAtEnd && reader.NextType == MessagePackType.End;
        });
    }

    [Fact]
    public void Our_encoding_of_the_value_is_theirs_or_no_longer()
    {
        var output = new ArrayBufferWriter<byte>();
        Check(GoldenVectors.All, vector =>
        {
            output.ResetWrittenCount();
            var writer = new MessagePackWriter(output);
            vector.Value.Write(ref writer);
            return writer.BytesWritten == output.WrittenCount
                && (vector.IsCanonical
                    ? output.WrittenSpan.SequenceEqual(vector.Bytes)
                    : output.WrittenCount <= vector.Bytes.Length);
        });
    }

    [Fact]
    public void Every_value_fits_exactly_and_overflows_one_byte_earlier()
    {
        var room = new byte[GoldenVectors.All.Max(vector => vector.Bytes.Length)];
        Check(GoldenVectors.All.Where(vector => vector.IsCanonical), vector =>
        {
            var size = vector.Bytes.Length;
            var exact = new MessagePackWriter(room.AsSpan(0, size));
            vector.Value.Write(ref exact);
            if (exact.HasOverflowed || exact.BytesWritten != size || !room.AsSpan(0, size).SequenceEqual(vector.Bytes))
                return false;
            var tight = new MessagePackWriter(room.AsSpan(0, size - 1));
            vector.Value.Write(ref tight);
            return tight.HasOverflowed && tight.BytesWritten < size;
        });
    }

    [Fact]
    public void Skipping_takes_exactly_the_value()
    {
        Check(GoldenVectors.All, vector =>
        {
            byte[] followed = [.. vector.Bytes, 0x2a];
            var reader = new MessagePackReader(followed);
            return reader.TrySkip() && reader.Position == vector.Bytes.Length && reader.TryReadByte(out var next) && next == 0x2a;
        });
    }

    [Fact]
    public void No_shorter_piece_of_a_value_is_one()
    {
        Check(GoldenVectors.All, vector =>
        {
            // Of the long ones the cuts near either end: between them, all are cuts within the same body.
            var lengths = Enumerable.Range(0, vector.Bytes.Length).Where(i => i < 70 || i > vector.Bytes.Length - 5);
            foreach (var length in lengths)
            {
                var reader = new MessagePackReader(vector.Bytes.AsSpan(0, length));
                if (reader.TrySkip() || reader.Position != 0 || Value.Read(ref reader) is not null)
                    return false;
            }

            return true;
        });
    }

    [Fact]
    public void What_they_refuse_we_refuse()
    {
        Check(GoldenVectors.Malformed, vector =>
        {
            var reader = new MessagePackReader(vector.Bytes);
            return Value.Read(ref reader) is null && reader.Position <= vector.Bytes.Length;
        });
    }

    private static void Check(IEnumerable<GoldenVector> vectors, Predicate<GoldenVector> holds) =>
        Assert.Empty(vectors.Where(vector => !holds(vector)).Select(vector => vector.Name));

    private static void Check(IEnumerable<MalformedVector> vectors, Predicate<MalformedVector> holds) =>
        Assert.Empty(vectors.Where(vector => !holds(vector)).Select(vector => vector.Name));
}
