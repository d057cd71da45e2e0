using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Tests.MessagePack;

/// <summary>How control messages are written by hand: this shows that an older reader lives with a newer writer.</summary>
public sealed class ForwardCompatibilityTests
{
    [Fact]
    public void A_map_reader_skips_keys_it_does_not_know()
    {
        Span<byte> room = stackalloc byte[256];
        var writer = new MessagePackWriter(room);
        writer.WriteMapHeader(4);
        writer.WriteString("peer");
        writer.WriteInteger(17);
        writer.WriteString("history");
        writer.WriteArrayHeader(2);
        writer.WriteMapHeader(1);
        writer.WriteInteger(1);
        writer.WriteTimestamp(new(5, 5));
        writer.WriteExtension(99, [1, 2, 3]);
        writer.WriteInteger(42);
        writer.WriteString("a key that is no string");
        writer.WriteString("loss");
        writer.WriteDouble(0.5);

        var reader = new MessagePackReader(room[..(int)writer.BytesWritten]);
        Assert.True(TryReadReport(ref reader, out var peer, out var loss));
        Assert.Equal((17, 0.5), (peer, loss));
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void An_array_reader_skips_the_tail_it_does_not_know()
    {
        Span<byte> room = stackalloc byte[64];
        var writer = new MessagePackWriter(room);
        writer.WriteArrayHeader(4);
        writer.WriteInteger(17);
        writer.WriteNil();
        writer.WriteString("new");
        writer.WriteArrayHeader(1);
        writer.WriteBoolean(true);
        var message = room[..(int)writer.BytesWritten];

        var reader = new MessagePackReader(message);
        Assert.True(TryReadRow(ref reader, out var peer, out var rtt));
        Assert.Equal((17, null), (peer, rtt));
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void An_array_shorter_than_what_is_known_is_refused()
    {
        var reader = new MessagePackReader([0x91, 0x11, 0xc0]);
        Assert.False(TryReadRow(ref reader, out _, out _));
    }

    private static bool TryReadReport(ref MessagePackReader reader, out ushort peer, out double loss)
    {
        peer = 0;
        loss = 0;
        if (!reader.TryReadMapHeader(out var count))
            return false;
        while (count-- > 0)
        {
            var isRead = (reader.TryReadStringBytes(out var key) || reader.TrySkip()) && key switch
            {
                _ when key.SequenceEqual("peer"u8) => reader.TryReadUInt16(out peer),
                _ when key.SequenceEqual("loss"u8) => reader.TryReadDouble(out loss),
                _ => reader.TrySkip(),
            };
            if (!isRead)
                return false;
        }

        return true;
    }

    private static bool TryReadRow(ref MessagePackReader reader, out ushort peer, out double? rtt)
    {
        peer = 0;
        rtt = null;
        if (!reader.TryReadArrayHeader(out var count) || !reader.TryReadUInt16(out peer))
            return false;
        if (!reader.TryReadNil())
        {
            if (!reader.TryReadDouble(out var value))
                return false;
            rtt = value;
        }

        return reader.TrySkip(count - 2);
    }
}
