using WeCan.Contracts;
using WeCan.Edge.Bus.Between;
using WeCan.Edge.Bus.Fanout;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Tests.Bus.Between;

/// <summary>What the buses of two edges say to each other: docs/wire-format.md, section 12.</summary>
public sealed class BetweenFrameTests
{
    private static readonly MonoTime Now = MonoTime.FromSeconds(5);

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    [InlineData(1 << 20)]
    public void A_message_is_read_as_it_was_written(int bytes)
    {
        var buffer = new byte[BetweenLimits.MaxHead + bytes];
        var payload = new byte[bytes];
        new Random(1).NextBytes(payload);
        var length = BetweenMessage.Write(Now, MessageOf(payload, Delivery.Reliable, Now + Duration.FromSeconds(3)), buffer, out var rest);
        Assert.InRange(length, bytes - rest.Length, 1 << 20);
        Assert.True(BetweenMessage.TryRead(buffer.AsSpan(0, length), out var read));
        Assert.True(payload.AsSpan().SequenceEqual([.. read.Payload, .. rest]));
        Assert.Equal((7ul, 3_000u, rest.Length), (read.Number, read.LeftMilliseconds, read.Rest));
        Assert.Equal("shop.a"u8, read.Subject);
        Assert.Equal(new PublisherName(99), read.Publisher);
    }

    [Fact]
    public void Spaces_that_lost_something_are_read_as_they_were_written_and_too_many_mean_any()
    {
        var spaces = new LostSpaces();
        var read = new LostSpaces();
        var buffer = new byte[LostFrame.MaxBytes];
        for (var count = 0; count <= BetweenLimits.MaxLostSpaces + 1; count++)
        {
            Assert.True(LostFrame.TryRead(buffer.AsSpan(0, LostFrame.Write(spaces, buffer)), read));
            Assert.Equal((spaces.IsAny, spaces.Named.Count), (read.IsAny, read.Named.Count));
            Assert.Equal(count > BetweenLimits.MaxLostSpaces, read.IsAny);
            spaces.Add(new string('s', 60) + count);
        }
    }

    [Fact]
    public void Bytes_that_are_none_are_refused_and_nothing_throws()
    {
        var random = new Random(2);
        var buffer = new byte[2_000];
        var length = BetweenMessage.Write(Now, MessageOf(new byte[40], Delivery.Reliable, MonoTime.Never), buffer, out _);
        var lost = new LostSpaces();
        for (var run = 0; run < 200_000; run++)
        {
            var bytes = buffer.AsSpan(0, random.Next(1, length + 1)).ToArray();
            for (var changes = random.Next(4); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (BetweenMessage.TryRead(bytes, out var message))
                Assert.InRange(message.Payload.Length + message.Rest, 0, FrameLimits.MaxPayload);
            LostFrame.TryRead(bytes, lost);
            Assert.InRange(lost.Named.Count, 0, BetweenLimits.MaxLostSpaces);
        }

        Assert.False(BetweenMessage.TryRead(buffer.AsSpan(0, 17), out _));
        buffer[0] = BetweenKind.Realtime;
        Assert.False(BetweenMessage.TryRead(buffer.AsSpan(0, length), out _));
    }

    private static BusMessage MessageOf(byte[] payload, Delivery delivery, MonoTime expires) => new()
    {
        Publisher = new(99),
        Number = 7,
        Traits = new(delivery, 3),
        Subject = "shop.a"u8,
        Payload = payload,
        Extras = [],
        Expires = expires,
        Source = null,
    };
}
