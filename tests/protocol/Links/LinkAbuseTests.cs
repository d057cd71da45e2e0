using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>A peer with the right keys and the wrong frames. docs/wire-format.md, section 5.</summary>
public sealed class LinkAbuseTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatStandsBehindACloseIsNotRead(bool victimInitiates)
    {
        using var peer = new LyingPeer(victimInitiates);
        Assert.True(peer.Say([FrameType.Close, 1, 0x10, 0, 0, 0, 1, 2, 3]));
        Assert.True(peer.Victim.IsDead);
        Assert.Equal(CloseReason.GoingAway, peer.Victim.PeerClosed);
        Assert.Equal(0, peer.DeliveredCount);
        Assert.False(peer.Say([FrameType.Ping]));
        Assert.Equal(1, peer.Drops[DropReason.UnknownLink]);
    }

    /// <summary>A packet that a cut line held back for seconds is still taken: its sender has not given the link up.</summary>
    [Fact]
    public void ASymbolThatIsSecondsLateIsStillTaken()
    {
        using var peer = new LyingPeer(victimInitiates: false);
        peer.Say(Data(ServiceClass.Signal, 1, [1]));
        peer.Pass(Duration.FromSeconds(2.9));
        peer.Say(Data(ServiceClass.Signal, 0, [2]));
        Assert.Equal(2, peer.DeliveredCount);
        Assert.Equal(0, peer.Drops.Total);
    }

    [Fact]
    public void HalvesWithoutPartnersAreBoundedAndGivenBack()
    {
        using var peer = new LyingPeer(victimInitiates: false);
        for (var symbol = 0u; symbol < 5_000; symbol++)
            peer.Say([0x14 | (byte)ServiceClass.Bulk, (byte)(symbol >> 15), (byte)(symbol >> 7), (byte)(symbol << 1), 0, 1, 2, 3]);

        Assert.Equal(0, peer.DeliveredCount);
        Assert.Equal(5_000 - LinkLimits.MaxHalves, peer.Drops[DropReason.OrphanPiece]);
        Assert.Equal((long)LinkLimits.MaxHalves * PacketPool.SmallCapacity, peer.Pool.RentedBytes);
        peer.Victim.Dispose();
        Assert.Equal(0, peer.Pool.RentedBytes);
    }

    [Fact]
    public void OneAcknowledgementInAPacketIsReadAndNotASecond()
    {
        using var peer = new LyingPeer(victimInitiates: true);
        peer.Poll();
        Assert.True(peer.Say([.. Ack(0, 0), .. Ack(0, 0), .. Data(ServiceClass.Signal, 0, [1])]));
        Assert.Equal(0, peer.DeliveredCount);
        Assert.Equal(1, peer.Drops[DropReason.MalformedFrame]);
        Assert.True(peer.Say([.. Ack(0, 0), .. Data(ServiceClass.Signal, 0, [1])]));
        Assert.Equal(1, peer.DeliveredCount);
    }

    [Fact]
    public void AcknowledgementsOfWhatWasNeverSentAreCounted()
    {
        using var peer = new LyingPeer(victimInitiates: true);
        peer.Poll();
        byte[][] impossible = [Ack(5, 0), Ack(0, 1), Ack(uint.MaxValue, 0), [FrameType.Ack, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]];
        foreach (var ack in impossible)
            Assert.True(peer.Say(ack));
        Assert.Equal(impossible.Length, peer.Drops[DropReason.ImpossibleAck]);
        Assert.Equal(impossible.Length, peer.Drops.Total);
    }

    [Fact]
    public void WhoKeepsAcknowledgingWhatWasNeverSentIsToldToGo()
    {
        using var peer = new LyingPeer(victimInitiates: true);
        byte[] last = [];
        peer.OnSent = frames => last = frames;
        for (var lies = 1; lies < LinkLimits.MaxFalseAcks; lies++)
            peer.Say(Ack(1_000, 0));
        peer.Poll();
        Assert.False(peer.Victim.IsDead);
        peer.Say(Ack(1_000, 0));
        peer.Poll();
        Assert.True(peer.Victim.IsDead);
        Assert.Equal([FrameType.Close, (byte)CloseReason.ProtocolViolation], last);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RekeyFramesAtTheWrongTimeChangeNothing(bool victimInitiates)
    {
        using var peer = new LyingPeer(victimInitiates);
        byte[] body = new byte[68];
        foreach (var generation in (byte[])[0, 1, 2, 255])
        {
            body[3] = generation;
            peer.Say([FrameType.RekeyOffer, .. body]);
            peer.Say([FrameType.RekeyAccept, .. body]);
            peer.Say([FrameType.RekeyOffer, .. body.AsSpan(0, 30)]);
        }

        Assert.Equal(0u, peer.Victim.KeyGeneration);
        Assert.True(peer.Drops[DropReason.MalformedFrame] >= 10);
        Assert.False(peer.Say([FrameType.Ping], flipPhase: 1));
        Assert.Equal(1, peer.Drops[DropReason.NotAuthentic]);
        Assert.True(peer.Say(Data(ServiceClass.Signal, 0, [9])));
        Assert.Equal(1, peer.DeliveredCount);
    }

    private static byte[] Ack(uint largest, byte first) =>
        [FrameType.Ack, (byte)(largest >> 24), (byte)(largest >> 16), (byte)(largest >> 8), (byte)largest, 0, 0, first, 0];

    private static byte[] Data(ServiceClass serviceClass, byte symbol, byte[] content) =>
        [(byte)(FrameType.FirstData | (int)serviceClass), 0, 0, symbol, .. content];
}
