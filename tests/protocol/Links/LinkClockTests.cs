using WeCan.Contracts;
using WeCan.Protocol.Links;

namespace WeCan.Protocol.Tests.Links;

/// <summary>Sections 5.4 and 6 of docs/wire-format.md: what a link knows of its peer's clock before it has measured a round trip.</summary>
public sealed class LinkClockTests
{
    private static readonly Duration Allowed = Duration.FromMilliseconds(100);

    [Fact]
    public void A_deadline_in_the_first_packet_that_arrives_is_not_late()
    {
        using var pair = new LinkPair();
        var datagrams = 0;
        pair.Tap = (toA, _) => toA || ++datagrams > 3;
        pair.Now += pair.Delay * 2;
        var sentAt = pair.Now;
        for (var i = 0; i < 8; i++)
            pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(i, 1_000));

        Assert.True(pair.RunUntil(sentAt + Allowed, () => pair.DeliveredToB.Count > 0));
        var deadline = pair.B.Clock.ToLocal(ClockOffset.ToWire(sentAt + Allowed), pair.Now, MonoTime.Never);

        Assert.False(pair.B.Rtt.HasSample);
        Assert.InRange(deadline.Nanoseconds, sentAt.Nanoseconds, (sentAt + Allowed).Nanoseconds);
    }

    [Fact]
    public void A_measured_round_trip_makes_the_clock_known_to_half_of_it()
    {
        using var pair = new LinkPair();
        pair.Now += Duration.FromSeconds(5);
        pair.Send(pair.B, ServiceClass.Signal, LinkPair.Numbered(1, 100));
        pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(1, 100));
        pair.RunFor(Duration.FromSeconds(1));

        Assert.InRange(pair.B.Clock.Error(pair.Now).Milliseconds, 19, 22);
    }

    /// <summary>Its clock is what it was, and the first samples of the new path have waited in the queue.</summary>
    [Fact]
    public void A_peer_that_comes_from_another_address_behind_a_full_queue_keeps_its_clock()
    {
        using var pair = new LinkPair { Rate = Bandwidth.FromMegabitsPerSecond(1), QueueTime = Duration.FromMilliseconds(300) };
        pair.Send(pair.B, ServiceClass.Signal, LinkPair.Numbered(0, 1_000));
        pair.RunFor(Duration.FromSeconds(1));
        for (var i = 1; i < 200; i++)
            pair.Send(pair.B, ServiceClass.Signal, LinkPair.Numbered(i, 1_000));
        pair.RunFor(Duration.FromMilliseconds(200));
        pair.SourceOfB = NetAddress.FromIPv4(0x0A00_0002, 3);
        pair.RunFor(Duration.FromMilliseconds(200));

        Assert.Equal(pair.SourceOfB, pair.A.PeerAddress);
        var late = pair.A.Clock.ToLocal(ClockOffset.ToWire(pair.Now), pair.Now, MonoTime.Never) - pair.Now;
        Assert.InRange(late.Milliseconds, -25, 25);
        Assert.InRange(pair.A.Clock.Error(pair.Now).Milliseconds, 19, 25);
    }
}
