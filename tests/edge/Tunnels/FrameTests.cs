using WeCan.Edge.Tunnels;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Lab.Wan;

namespace WeCan.Edge.Tests.Tunnels;

/// <summary>docs/wire-format.md, section 9: what is written is read again, and whatever else comes is refused without an exception.</summary>
public sealed class FrameTests
{
    private static readonly byte[] Open = new OpenFrame { Version = 1, Priority = 7, Connection = 0x0102_0304_0506_0708, Target = "db.example:5432"u8 }.ToMessage();
    private static readonly byte[] Opened = new AnswerFrame { Connection = 9 }.ToMessage();
    private static readonly byte[] Refused = new AnswerFrame { Connection = 9, IsRefused = true, Reason = RefusalReason.Policy }.ToMessage();

    [Fact]
    public void TheBytesAreTheOnesOnThePage()
    {
        Assert.Equal([0x01, 1, 7, 1, 2, 3, 4, 5, 6, 7, 8, .. "db.example:5432"u8], Open);
        Assert.Equal([0x11, 0, 0, 0, 0, 0, 0, 0, 9], Opened);
        Assert.Equal([0x21, 0, 0, 0, 0, 0, 0, 0, 9, 1], Refused);
        Assert.Equal([0x41, 0, 0, 0, 0, 0, 1, 0, 0], Credit());
        Assert.Equal([0x02, 0, 0, 0, 5, 0xEE], Datagram(TunnelKind.Forth, [0xEE]));
        Assert.Equal([0x12, 0, 0, 0, 5, 0x0B, 0, 200, 0, 3, .. "a:1"u8, 0xEE], First());
    }

    [Fact]
    public void WhatThePageForbidsIsRefused()
    {
        Assert.False(OpenFrame.TryRead(With(Open, 2, 8), out _), "priority 8");
        Assert.False(OpenFrame.TryRead(Open.AsSpan(0, OpenFrame.HeadLength), out _), "no target");
        Assert.False(OpenFrame.TryRead([.. Open, .. new byte[TunnelLimits.MaxTarget]], out _), "too long a target");
        Assert.False(AnswerFrame.TryRead([.. Refused, 0], out _), "bytes behind the end");
        Assert.False(AnswerFrame.TryRead(With(Opened, 0, TunnelKind.Refused), out _), "no reason");
        Assert.True(AnswerFrame.TryRead(With(Refused, 9, 200), out var strange) && strange.Reason == RefusalReason.Other);
        Assert.False(CreditFrame.TryRead([.. Credit(), 0], out _), "bytes behind the end");
        Assert.False(DatagramFrame.TryRead(Datagram(TunnelKind.SessionOpened, [1]), out _), "a payload where there is none");
        Assert.False(DatagramFrame.TryRead(Datagram(TunnelKind.SessionRefused, []), out _), "no reason");
        Assert.False(DatagramFrame.TryRead([TunnelKind.Forth, 0, 0, 0, 5, .. new byte[TunnelLimits.MaxDatagram + 1]], out _), "too long a datagram");
        Assert.False(FirstFrame.TryRead(With(First(), 5, 0x10), out _), "reserved bit");
        Assert.False(FirstFrame.TryRead(With(First(), 9, 0), out _), "no target");
        Assert.False(FirstFrame.TryRead(With(First(), 9, 5), out _), "a target beyond the end");
        Assert.False(FirstFrame.TryRead(With(With(First(), 6, 0), 7, 0), out _), "no deadline");
        Assert.False(FirstFrame.TryRead(With(First(), 6, 0xFF), out _), "too long a deadline");
    }

    /// <summary>Cut, changed and made up: no exception, and what is taken is in bounds and is what the same frame writes.</summary>
    [Fact]
    public void AnyBytesAreTakenWholeOrRefused()
    {
        var random = new WanRandom(WanRandom.Derive(1, 9));
        byte[][] corpus = [Open, Opened, Refused, Credit(), Datagram(TunnelKind.Back, new byte[40]), Datagram(TunnelKind.SessionRefused, [3]), First()];
        var taken = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var input = corpus[random.Next(corpus.Length)].AsSpan().ToArray();
            for (var changes = random.Next(4); changes > 0; changes--)
                input[random.Next(input.Length)] = (byte)random.Next(256);
            input = random.Next(3) switch
            {
                0 => input[..random.Next(input.Length + 1)],
                1 => [.. input, .. new byte[random.Next(20)]],
                _ => input,
            };
            taken += Check(input) ? 1 : 0;
        }

        Assert.InRange(taken, 20_000, 199_999);
    }

    [Theory]
    [InlineData("10.0.0.5:5432", "10.0.0.5:5432")]
    [InlineData("[2001:DB8::5]:1", "[2001:db8::5]:1")]
    [InlineData("Db.Example:65535", "db.example:65535")]
    [InlineData("localhost:80", "localhost:80")]
    [InlineData("10.0.0.5", null)]
    [InlineData("10.0.0.5:0", null)]
    [InlineData("10.0.0.5:65536", null)]
    [InlineData("10.0.0.5:+1", null)]
    [InlineData("0x7f.1:80", null)]
    [InlineData("0300.0.2.1:80", null)]
    [InlineData("127.1:80", null)]
    [InlineData("1:80", null)]
    [InlineData("2001:db8::5:80", null)]
    [InlineData("[fe80::1%eth0]:80", null)]
    [InlineData("[::ffff:127.0.0.1]:80", null)]
    [InlineData("a b:80", null)]
    [InlineData("a..b:80", null)]
    [InlineData("dé.example:80", null)]
    [InlineData(":80", null)]
    public void ATargetIsAnAddressOrANameAndAPort(string text, string? read) =>
        Assert.Equal(read, TunnelTarget.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var target) ? target.ToString() : null);

    private static bool Check(byte[] input)
    {
        var isTaken = false;
        if (OpenFrame.TryRead(input, out var open))
        {
            Assert.Equal(input, open.ToMessage());
            isTaken = true;
        }

        if (AnswerFrame.TryRead(input, out var answer))
        {
            Assert.True(answer.Reason == RefusalReason.Other || input.AsSpan().SequenceEqual(answer.ToMessage()));
            isTaken = true;
        }

        if (CreditFrame.TryRead(input, out var credit))
        {
            var again = new byte[CreditFrame.Length];
            credit.Write(again);
            Assert.Equal(input, again);
            isTaken = true;
        }

        if (DatagramFrame.TryRead(input, out var datagram))
        {
            Assert.InRange(datagram.Payload.Length, 0, TunnelLimits.MaxDatagram);
            Assert.Equal(input, Datagram(datagram.Kind, datagram.Payload.ToArray(), datagram.Session));
            isTaken = true;
        }

        if (FirstFrame.TryRead(input, out var first))
        {
            Assert.InRange(first.Target.Length, 1, TunnelLimits.MaxTarget);
            var again = new byte[input.Length];
            Assert.Equal(input.Length, first.Write(again));
            Assert.Equal(input, again);
            Assert.True(!TunnelTarget.TryParse(first.Target, out var target) || target.Port > 0);
            isTaken = true;
        }

        return isTaken;
    }

    private static byte[] Credit()
    {
        var bytes = new byte[CreditFrame.Length];
        new CreditFrame { Limit = 65_536 }.Write(bytes);
        return bytes;
    }

    private static byte[] Datagram(byte kind, byte[] payload, uint session = 5)
    {
        var bytes = new byte[DatagramFrame.HeadLength + payload.Length];
        new DatagramFrame { Kind = kind, Session = session, Payload = payload }.Write(bytes);
        return bytes;
    }

    private static byte[] First()
    {
        var bytes = new byte[FirstFrame.HeadLength + 4];
        new FirstFrame { Session = 5, Priority = 3, Paths = 2, DeadlineMilliseconds = 200, Target = "a:1"u8, Payload = [0xEE] }.Write(bytes);
        return bytes;
    }

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        var changed = bytes.AsSpan().ToArray();
        changed[at] = value;
        return changed;
    }
}
