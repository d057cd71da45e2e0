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
        var deadline = pair.B.Clock.ToLocal(ClockOffset.ToWire(sentAt + Allowed), pair.Now, pair.B.ClockRtt, MonoTime.Never);

        Assert.False(pair.B.Rtt.HasSample);
        Assert.InRange(deadline.Nanoseconds, sentAt.Nanoseconds, (sentAt + Allowed).Nanoseconds);
    }

    [Fact]
    public void A_measured_round_trip_takes_the_place_of_its_bound()
    {
        using var pair = new LinkPair();
        pair.Now += Duration.FromSeconds(5);
        pair.Send(pair.B, ServiceClass.Signal, LinkPair.Numbered(1, 100));
        pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(1, 100));
        pair.RunFor(Duration.FromSeconds(1));

        Assert.InRange(pair.B.ClockRtt.Milliseconds, 40, 45);
    }
}
