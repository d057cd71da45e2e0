using System.Text;
using WeCan.Contracts.MessagePack;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.MessageBus.Tests.Frames;

public sealed class FrameTests
{
    private static readonly byte[] Session = [.. Enumerable.Range(1, 16).Select(index => (byte)index)];

    private readonly FrameBatch _batch = new();

    [Fact]
    public void What_ends_say_of_themselves_comes_back()
    {
        new HelloFrame { Version = 1, Session = Session, IsResumption = true, Received = ulong.MaxValue }.Write(_batch);
        Assert.True(HelloFrame.TryRead(Only(FrameKind.Hello), out var hello));
        Assert.Equal((1u, true, ulong.MaxValue), (hello.Version, hello.IsResumption, hello.Received));
        Assert.Equal(Session, hello.Session);

        new WelcomeFrame { Version = 1, IsResumed = true, Received = 7, Published = 8, ResumeMilliseconds = 30_000, MaxPayload = uint.MaxValue, Inbox = "shop.$inbox.a."u8 }.Write(_batch);
        Assert.True(WelcomeFrame.TryRead(Only(FrameKind.Welcome), out var welcome));
        Assert.Equal((1u, true, 7ul, 8ul, 30_000u, uint.MaxValue), (welcome.Version, welcome.IsResumed, welcome.Received, welcome.Published, welcome.ResumeMilliseconds, welcome.MaxPayload));

        Assert.Equal("shop.$inbox.a."u8, welcome.Inbox);

        new GoodbyeFrame { Reason = GoodbyeReason.Draining, Words = "The edge stops."u8 }.Write(_batch);
        Assert.True(GoodbyeFrame.TryRead(Only(FrameKind.Goodbye), out var goodbye));
        Assert.Equal(GoodbyeReason.Draining, goodbye.Reason);
        Assert.Equal("The edge stops."u8, goodbye.Words);
    }

    [Fact]
    public void Subscriptions_come_back()
    {
        new SubscribeFrame { Id = 9, Pattern = "shop.>"u8, Overload = OverloadPolicy.KeepLatest, Group = "workers"u8, Credit = 1 << 18 }.Write(_batch);
        Assert.True(SubscribeFrame.TryRead(Only(FrameKind.Subscribe), out var subscribe));
        Assert.Equal((9u, OverloadPolicy.KeepLatest, 1ul << 18), (subscribe.Id, subscribe.Overload, subscribe.Credit));
        Assert.Equal("shop.>"u8, subscribe.Pattern);
        Assert.Equal("workers"u8, subscribe.Group);

        new RefusedFrame { What = FrameKind.Subscribe, Number = 9, Reason = RefusalReason.NotAllowed, Words = Encoding.UTF8.GetBytes(new string('x', 400)) }.Write(_batch);
        Assert.True(RefusedFrame.TryRead(Only(FrameKind.Refused), out var refused));
        Assert.Equal((FrameKind.Subscribe, 9ul, RefusalReason.NotAllowed, FrameLimits.MaxWords), (refused.What, refused.Number, refused.Reason, refused.Words.Length));

        var gap = new GapFrame(uint.MaxValue, 3, GapReason.Moved);
        gap.Write(_batch);
        Assert.True(GapFrame.TryRead(Only(FrameKind.Gap), out var readGap));
        Assert.Equal(gap, readGap);

        var credit = new CreditFrame(4, ulong.MaxValue);
        credit.Write(_batch);
        Assert.True(CreditFrame.TryRead(Only(FrameKind.Credit), out var readCredit));
        Assert.Equal(credit, readCredit);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(FrameLimits.MaxPayload)]
    public void Messages_come_back(int size)
    {
        var payload = new byte[size];
        new Random(size).NextBytes(payload);
        var extras = Extras();
        var traits = new MessageTraits(Delivery.Reliable, 7);
        new PublishFrame { Number = 1ul << 40, Traits = traits, Subject = "shop.orders.new"u8, Payload = payload, Extras = extras }.Write(_batch);
        Assert.True(PublishFrame.TryRead(Only(FrameKind.Publish), out var publish));
        Assert.Equal((1ul << 40, traits), (publish.Number, publish.Traits));
        Assert.Equal("shop.orders.new"u8, publish.Subject);
        Assert.True(publish.Payload.SequenceEqual(payload));
        Assert.True(MessageExtras.TryRead(publish.Extras, out var read));
        Assert.Equal("shop.$inbox.1"u8, read.Reply);
        Assert.Equal("m-1"u8, read.Id);
        Assert.Equal(5_000u, read.LifeMilliseconds);
        Assert.False(read.Headers.IsEmpty);

        Span<uint> targets = stackalloc uint[FrameLimits.MaxTargets];
        new MessageFrame { Targets = [1, 70_000], Publisher = 3, Number = 12, Traits = traits, Subject = "shop.a"u8, Payload = payload }.Write(_batch);
        Assert.True(MessageFrame.TryRead(Only(FrameKind.Message), targets, out var message));
        Assert.Equal([1u, 70_000u], message.Targets);
        Assert.Equal((3u, 12ul), (message.Publisher, message.Number));
        Assert.True(message.Payload.SequenceEqual(payload));
        Assert.True(message.Extras.IsEmpty);

        new PublisherFrame { Number = 3, Session = Session }.Write(_batch);
        Assert.True(PublisherFrame.TryRead(Only(FrameKind.Publisher), out var publisher));
        Assert.Equal(3u, publisher.Number);
        Assert.Equal(Session, publisher.Session);
    }

    [Fact]
    public void A_frame_is_read_once_all_of_it_is_there()
    {
        new PublishFrame { Number = 5, Traits = new(Delivery.Realtime, 0), Subject = "s.a"u8, Payload = new byte[300] }.Write(_batch);
        new NumberFrame(FrameKind.Ping, 1).Write(_batch);
        var bytes = _batch.Bytes;
        for (var length = 0; length < bytes.Length; length++)
        {
            var result = Frame.TryRead(bytes[..length], out var frame, out var size);
            Assert.Equal(length < bytes.Length - 4 ? FrameResult.Incomplete : FrameResult.Read, result);
            if (result == FrameResult.Read)
                Assert.Equal((FrameKind.Publish, bytes.Length - 4), (frame.Kind, size));
        }
    }

    [Fact]
    public void What_a_later_version_adds_is_passed_over()
    {
        var writer = _batch.Begin(64);
        writer.WriteArrayHeader(4);
        writer.WriteInteger((byte)FrameKind.Confirmed);
        writer.WriteInteger(77);
        writer.WriteStringBytes("more"u8);
        writer.WriteMapHeader(0);
        _batch.End(writer);
        Assert.True(NumberFrame.TryRead(Only(FrameKind.Confirmed), out var read));
        Assert.Equal(77ul, read.Number);

        writer = _batch.Begin(64);
        writer.WriteArrayHeader(2);
        writer.WriteInteger(200);
        writer.WriteNil();
        _batch.End(writer);
        Assert.Equal(200, (int)Only((FrameKind)200).Kind);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0100")]
    [InlineData("0190")]
    [InlineData("039110ff")]
    [InlineData("0292c0c0")]
    [InlineData("ffffffff01")]
    [InlineData("8080808001")]
    [InlineData("ffffff7f")]
    public void What_is_no_frame_ends_it(string hex) => Assert.Equal(FrameResult.Malformed, Frame.TryRead(Convert.FromHexString(hex), out _, out _));

    [Theory]
    [InlineData("1313950103a6" + "73686f702e61" + "c40101" + "c400" + "c0")]
    [InlineData("0e94130103a673686f702e61c40101")]
    [InlineData("0f95130103a673686f702e61c40101c1")]
    public void What_is_left_behind_a_message_ends_it(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        bytes[0] = (byte)(bytes.Length - 1);
        Assert.False(Frame.TryRead(bytes, out var frame, out _) == FrameResult.Read && PublishFrame.TryRead(frame, out _));
    }

    [Fact]
    public void Extras_are_held_to_their_bounds()
    {
        Assert.True(MessageExtras.TryRead([], out _));
        Assert.False(MessageExtras.TryRead([0xC0], out _));
        Assert.False(MessageExtras.TryRead(Extras(id: new string('x', FrameLimits.MaxMessageId + 1)), out _));
        Assert.False(MessageExtras.TryRead(Extras(headers: FrameLimits.MaxHeaders + 1), out _));
        Assert.False(MessageExtras.TryRead(Extras(header: new string('x', FrameLimits.MaxHeaderBytes)), out _));
        Assert.False(MessageExtras.TryRead([.. Extras(), 0xC0], out _));
        Assert.True(MessageExtras.TryRead(Extras(headers: FrameLimits.MaxHeaders), out _));
    }

    private static byte[] Extras(string id = "m-1", int headers = 1, string header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    {
        var pairs = new byte[FrameLimits.MaxHeaderBytes * 2];
        var pair = new MessagePackWriter(pairs);
        for (var index = 0; index < headers; index++)
        {
            pair.WriteStringBytes(Encoding.UTF8.GetBytes($"traceparent{index}"));
            pair.WriteStringBytes(Encoding.UTF8.GetBytes(header));
        }

        var extras = new MessageExtras
        {
            Reply = "shop.$inbox.1"u8,
            Id = Encoding.UTF8.GetBytes(id),
            Headers = pairs.AsSpan(0, (int)pair.BytesWritten),
            LifeMilliseconds = 5_000,
        };
        var bytes = new byte[extras.Longest];
        var writer = new MessagePackWriter(bytes);
        extras.Write(ref writer);
        return bytes[..(int)writer.BytesWritten];
    }

    private Frame Only(FrameKind kind)
    {
        Assert.Equal(FrameResult.Read, Frame.TryRead(_batch.Bytes, out var frame, out var size));
        Assert.Equal((kind, _batch.Length), (frame.Kind, size));
        _batch.Clear();
        return frame;
    }
}
