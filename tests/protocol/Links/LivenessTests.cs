using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>What a peer may say of life, and what it brings about: docs/wire-format.md, section 5.10.</summary>
public sealed class LivenessTests
{
    private const int LifeLength = SealedHeader.MinDatagram + LifeFrame.Length;

    [Fact]
    public void A_question_is_answered_by_one_datagram_at_once()
    {
        using var peer = Fresh(out var sent);
        peer.Say(Life(asks: true));
        peer.Poll();
        var frames = Assert.Single(sent);
        Assert.Contains(Frames(frames), life => !life.AsksForAnswer);
        peer.Say(Life(asks: false));
        peer.Poll();
        Assert.Single(sent);
    }

    [Fact]
    public void A_flood_of_questions_gets_no_more_than_the_bound_and_less_than_it_sent()
    {
        using var peer = Fresh(out var sent);
        var asked = 0;
        for (var millisecond = 0; millisecond < 2_000; millisecond++)
        {
            for (var i = 0; i < 5; i++, asked++)
                peer.Say(Life(asks: true));
            peer.Pass(Duration.FromMilliseconds(1));
        }

        // Besides the answers there are the datagrams that it promised of itself.
        Assert.InRange(sent.Count, 300, (200 * 2) + LinkLimits.AnswersAtOnce + 50);
        Assert.True(sent.Sum(frames => frames.Length + SealedHeader.MinDatagram) < asked * LifeLength);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(ushort.MaxValue, 0)]
    public void Silly_promises_and_wishes_are_read_as_the_nearest_bound(int promise, int wish)
    {
        using var peer = Fresh(out var sent);
        for (var second = 0; second < 10; second++)
        {
            for (var i = 0; i < 100; i++)
            {
                peer.Say(Life(asks: false, promise, wish));
                peer.Pass(Duration.FromMilliseconds(10));
            }
        }

        Assert.False(peer.Victim.IsDead);
        Assert.Equal(LinkPace.Fast, peer.Victim.Liveness.Pace);
        Assert.Equal(LinkLimits.FastestInterval, peer.Victim.Liveness.Promise);
        Assert.InRange(sent.Count, 10 * 45, 10 * 60);
    }

    /// <summary>Nor does it outlive itself: the promise of an hour is one of 30 s.</summary>
    [Fact]
    public void A_peer_that_promised_nothing_soon_is_found_dead_all_the_same()
    {
        using var peer = Fresh(out _);
        peer.Say(Life(asks: false, ushort.MaxValue, ushort.MaxValue));
        peer.Pass(Duration.FromSeconds(45));
        Assert.True(peer.Victim.IsDead);
    }

    [Fact]
    public void A_peer_that_lies_about_loss_is_found_dead_when_patience_ends()
    {
        using var peer = Fresh(out _);
        for (var i = 0; i < 100; i++)
        {
            peer.Say([.. Life(asks: false, 50, 50)[..6], 0xFF, 0xFF, 0xFF]);
            peer.Pass(Duration.FromMilliseconds(40));
        }

        Assert.Equal(1.0, peer.Victim.Liveness.LossTo);
        peer.Pass(LinkLimits.DeadAfter + Duration.FromSeconds(1));
        Assert.True(peer.Victim.IsDead);
    }

    [Theory]
    [InlineData(new byte[] { 0x02, 0, 50, 0, 50, 0, 0, 8 })]
    [InlineData(new byte[] { 0x01, 0, 50, 0, 50, 0, 0 })]
    public void Reserved_flags_and_a_cut_frame_are_malformed(byte[] body)
    {
        using var peer = Fresh(out _);
        peer.Say([FrameType.Life, .. body]);
        Assert.Equal(1, peer.Drops[DropReason.MalformedFrame]);
    }

    [Fact]
    public void An_old_datagram_does_not_take_a_promise_back()
    {
        using var peer = Fresh(out _);
        peer.Next += 10;
        peer.Say(Life(asks: false, 10_000, 20));
        peer.Next -= 5;
        peer.Say(Life(asks: false, 50, 10_000));
        Assert.Equal(LinkPace.Fast, peer.Victim.Liveness.Pace);
        Assert.Equal(LinkLimits.FastestInterval, peer.Victim.Liveness.Promise);
    }

    private static LyingPeer Fresh(out List<byte[]> sent)
    {
        var frames = new List<byte[]>();
        var peer = new LyingPeer(victimInitiates: false, budget: new());
        peer.Say(Life(asks: false));
        peer.Pass(Duration.FromMilliseconds(200));
        peer.OnSent = frames.Add;
        sent = frames;
        return peer;
    }

    private static byte[] Life(bool asks, int promise = 10_000, int wish = 10_000) =>
        [FrameType.Life, asks ? (byte)1 : (byte)0, (byte)(promise >> 8), (byte)promise, (byte)(wish >> 8), (byte)wish, 0, 0, 8];

    /// <summary>The LIFE frames of a datagram, which stand behind at most a TIME.</summary>
    private static List<LifeFrame> Frames(byte[] frames)
    {
        var found = new List<LifeFrame>();
        var reader = new WireReader(frames);
        if (reader.Rest[0] == FrameType.Time)
            reader.TryReadBytes(5, out _);
        if (reader.TryReadByte(out var type) && type == FrameType.Life && LifeFrame.TryRead(ref reader, out var life))
            found.Add(life);
        return found;
    }
}
