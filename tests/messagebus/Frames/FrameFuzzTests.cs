using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.MessageBus.Tests.Frames;

/// <summary>Bytes that anybody may send: each gets an answer, and what is read stays within what came.</summary>
public sealed class FrameFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_bytes_get_an_answer(int seed)
    {
        var random = new Random(seed);
        var batch = new FrameBatch();
        var bytes = new byte[512];
        var read = 0;
        for (var run = 0; run < 100_000; run++)
        {
            batch.Clear();
            WriteOne(batch, random);
            batch.Bytes.CopyTo(bytes);
            var length = batch.Length;
            for (var change = random.Next(4); change > 0; change--)
                bytes[random.Next(length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : bytes[random.Next(length)] ^ (1 << random.Next(8)));
            if (random.Next(8) == 0)
                length = random.Next(length + 1);
            if (Frame.TryRead(bytes.AsSpan(0, length), out var frame, out var size) != FrameResult.Read)
                continue;
            Assert.InRange(size, 1, length);
            read += ReadAs(frame) ? 1 : 0;
        }

        Assert.True(read > 20_000);
    }

    private static void WriteOne(FrameBatch batch, Random random)
    {
        var number = (ulong)random.NextInt64();
        Span<byte> some = stackalloc byte[random.Next(40)];
        random.NextBytes(some);
        Span<byte> session = stackalloc byte[HelloFrame.SessionBytes];
        var traits = new MessageTraits(Delivery.Reliable, (byte)random.Next(8));
        switch (random.Next(11))
        {
            case 0: new HelloFrame { Version = (uint)number, Session = session, Received = number }.Write(batch); break;
            case 1: new WelcomeFrame { Version = 1, IsResumed = true, Received = number, Published = number, ResumeMilliseconds = 1, MaxPayload = 1, Inbox = "shop.$inbox.a."u8 }.Write(batch); break;
            case 2: new SubscribeFrame { Id = (uint)number, Pattern = some, Overload = OverloadPolicy.KeepLatest, Credit = number }.Write(batch); break;
            case 3: new PublishFrame { Number = number, Traits = traits, Subject = some, Payload = some }.Write(batch); break;
            case 4: new MessageFrame { Targets = [1, 2], Publisher = 1, Number = number, Traits = traits, Subject = some, Payload = some }.Write(batch); break;
            case 5: new PublisherFrame { Number = 1, Session = session }.Write(batch); break;
            case 6: new NumberFrame(FrameKind.Received, number).Write(batch); break;
            case 7: new CreditFrame(1, number).Write(batch); break;
            case 8: new GapFrame(1, number, GapReason.Lost).Write(batch); break;
            case 9: new RefusedFrame { What = FrameKind.Publish, Number = number, Reason = RefusalReason.TooLong, Words = some }.Write(batch); break;
            default: new GoodbyeFrame { Reason = GoodbyeReason.Done, Words = some }.Write(batch); break;
        }
    }

    private static bool ReadAs(in Frame frame)
    {
        Span<uint> targets = stackalloc uint[FrameLimits.MaxTargets];
        return frame.Kind switch
        {
            FrameKind.Hello => HelloFrame.TryRead(frame, out _),
            FrameKind.Welcome => WelcomeFrame.TryRead(frame, out _),
            FrameKind.Subscribe => SubscribeFrame.TryRead(frame, out _),
            FrameKind.Publish => PublishFrame.TryRead(frame, out _),
            FrameKind.Message => MessageFrame.TryRead(frame, targets, out _),
            FrameKind.Publisher => PublisherFrame.TryRead(frame, out _),
            FrameKind.Credit => CreditFrame.TryRead(frame, out _),
            FrameKind.Gap => GapFrame.TryRead(frame, out _),
            FrameKind.Refused => RefusedFrame.TryRead(frame, out _),
            FrameKind.Goodbye => GoodbyeFrame.TryRead(frame, out _),
            _ => NumberFrame.TryRead(frame, out _),
        };
    }
}
