using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>What a link promises over a bad pipe: docs/wire-format.md, sections 4 and 5.</summary>
public sealed class LinkTests
{
    [Theory]
    [InlineData(1, 0.0, 0.0)]
    [InlineData(2, 0.05, 0.02)]
    [InlineData(3, 0.3, 0.1)]
    public void Every_packet_arrives_exactly_once_whatever_the_pipe_loses_or_repeats(int seed, double loss, double duplication)
    {
        using var pair = new LinkPair(seed) { Loss = loss, Duplication = duplication, Jitter = Duration.FromMilliseconds(8) };
        const int Count = 2_000;
        for (var i = 0; i < Count; i++)
        {
            pair.Send(pair.A, (ServiceClass)(2 + (i % 2)), LinkPair.Numbered(i, 4 + (i * 37 % 1_270)));
            if (i % 50 == 0)
                pair.RunFor(Duration.FromMilliseconds(20));
        }

        Assert.True(pair.RunUntil(pair.Now + Duration.FromSeconds(60), () => pair.DeliveredToB.Count >= Count), pair.Describe());
        pair.RunFor(Duration.FromSeconds(3));
        var numbers = pair.DeliveredToB.Select(delivered => LinkPair.NumberOf(delivered.Packet)).Order().ToArray();
        Assert.Equal(Enumerable.Range(0, Count), numbers);
        foreach (var (_, packet, _) in pair.DeliveredToB)
            Assert.Equal(LinkPair.Numbered(LinkPair.NumberOf(packet), packet.Length), packet);
        Assert.Equal(0, pair.Pool.RentedBytes);
    }

    [Fact]
    public void Round_trip_and_jitter_are_measured()
    {
        using var pair = new LinkPair { Delay = Duration.FromMilliseconds(35) };
        for (var i = 0; i < 100; i++)
        {
            pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(i, 100));
            pair.RunFor(Duration.FromMilliseconds(10));
        }

        Assert.InRange(pair.A.Rtt.Smoothed.Milliseconds, 69, 80);
        Assert.InRange(pair.A.Rtt.Min.Milliseconds, 69.9, 70.1);
        Assert.InRange(pair.A.Rtt.Jitter.Milliseconds, 0, 0.1);
        pair.Jitter = Duration.FromMilliseconds(10);
        for (var i = 0; i < 200; i++)
        {
            pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(i, 100));
            pair.RunFor(Duration.FromMilliseconds(10));
        }

        Assert.InRange(pair.A.Rtt.Jitter.Milliseconds, 2, 5);
    }

    [Fact]
    public void A_lost_packet_is_repaired_in_about_one_more_round_trip()
    {
        using var pair = new LinkPair();
        pair.RunFor(Duration.FromMilliseconds(200));
        var lost = 0;
        pair.Tap = (toA, datagram) => toA || datagram.Length < 900 || lost++ > 0;
        var start = pair.Now;
        for (var i = 0; i < 10; i++)
        {
            pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(i, 1_000));
            pair.RunFor(Duration.FromMilliseconds(2));
        }

        Assert.True(pair.RunUntil(pair.Now + Duration.FromSeconds(2), () => pair.DeliveredToB.Count == 10));
        var last = pair.DeliveredToB[^1];
        Assert.Equal(0, LinkPair.NumberOf(last.Packet));
        Assert.InRange((last.At - start).Milliseconds, 60, 75);
        Assert.Equal(1, pair.A.Counters.PacketsLost);
        Assert.Equal(1, pair.A.Counters.SymbolsResent);
    }

    [Fact]
    public void A_path_that_reorders_is_learnt_and_hardly_anything_is_sent_twice()
    {
        using var pair = new LinkPair { Jitter = Duration.FromMilliseconds(12) };
        for (var i = 0; i < 4_000; i++)
        {
            pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(i, 800));
            pair.RunFor(Duration.FromMilliseconds(1));
        }

        pair.RunFor(Duration.FromSeconds(2));
        Assert.Equal(4_000, pair.DeliveredToB.Count);
        Assert.True(pair.A.Counters.SymbolsResent < 80, pair.Describe());
    }

    [Fact]
    public void A_late_realtime_packet_is_not_repaired()
    {
        using var pair = new LinkPair();
        pair.RunFor(Duration.FromMilliseconds(200));
        var heals = pair.Now + Duration.FromMilliseconds(50);
        var passed = 0;
        pair.Tap = (toA, datagram) => toA || datagram.Length < 900 || (pair.Now >= heals && passed++ >= 0);
        pair.Send(pair.A, ServiceClass.Realtime, LinkPair.Numbered(0, 1_000), deadline: heals);
        pair.RunFor(Duration.FromSeconds(1));
        Assert.Empty(pair.DeliveredToB);
        Assert.Equal(0, passed);
        Assert.Equal(1, pair.DropsA[DropReason.Expired]);
        Assert.Equal(0, pair.Pool.RentedBytes);
    }

    /// <summary>Acknowledgements with many gaps leave a long packet's repair no room beside them: it must wait, and not begin anew.</summary>
    [Fact]
    public void Realtime_both_ways_through_loss_comes_once_each()
    {
        using var pair = new LinkPair();
        var random = new Random(5);
        pair.Tap = (_, datagram) => datagram.Length < 900 || (datagram.Length <= WireLimits.BaseDatagram && random.Next(5) > 0);
        for (var i = 0; i < 1_000; i++)
        {
            var deadline = pair.Now + Duration.FromMilliseconds(300);
            pair.Send(pair.A, ServiceClass.Realtime, LinkPair.Numbered(i, 1_270), deadline: deadline);
            pair.Send(pair.B, ServiceClass.Realtime, LinkPair.Numbered(i, 1_270), deadline: deadline);
            pair.RunFor(Duration.FromMilliseconds(1));
        }

        pair.RunFor(Duration.FromSeconds(1));
        var numbers = pair.DeliveredToB.Select(delivered => BitConverter.ToString(delivered.Packet, 0, 8)).ToList();
        Assert.Equal(numbers.Distinct(StringComparer.Ordinal).Count(), numbers.Count);
        Assert.Equal(0, pair.DropsA[DropReason.OrphanPiece]);
        Assert.InRange(numbers.Count, 980, 1_000);
    }

    [Fact]
    public void Control_goes_before_realtime_before_signal_and_bulk_never_starves()
    {
        using var pair = new LinkPair();
        for (var i = 0; i < 200; i++)
        {
            pair.Send(pair.A, ServiceClass.Bulk, LinkPair.Numbered(i, 1_000));
            pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(i, 1_000));
            pair.Send(pair.A, ServiceClass.Realtime, LinkPair.Numbered(i, 1_000));
        }

        pair.Send(pair.A, ServiceClass.Control, LinkPair.Numbered(0, 50));
        pair.RunUntil(pair.Now + Duration.FromSeconds(5), () => pair.DeliveredToB.Count >= 150);
        Assert.Equal(ServiceClass.Control, pair.DeliveredToB[0].Class);
        var early = pair.DeliveredToB.Take(150).GroupBy(delivered => delivered.Class).ToDictionary(group => group.Key, group => group.Count());
        Assert.InRange(early[ServiceClass.Realtime], 100, 135);
        Assert.InRange(early[ServiceClass.Signal], 12, 25);
        Assert.InRange(early[ServiceClass.Bulk], 5, 15);
    }

    [Fact]
    public void Higher_priority_overtakes_and_a_full_queue_lets_the_stalest_of_the_lowest_go()
    {
        using var pair = new LinkPair { Loss = 1 };
        for (var i = 0; i < LinkLimits.MaxQueuedPackets; i++)
            pair.Send(pair.A, ServiceClass.Bulk, LinkPair.Numbered(i, 20), priority: (byte)(i % 2));
        pair.Send(pair.A, ServiceClass.Bulk, LinkPair.Numbered(-1, 20), priority: 7);
        Assert.Equal(1, pair.DropsA[DropReason.QueueFull]);
        pair.Loss = 0;
        pair.RunUntil(pair.Now + Duration.FromSeconds(20), () => pair.DeliveredToB.Count == LinkLimits.MaxQueuedPackets);
        var numbers = pair.DeliveredToB.Select(delivered => LinkPair.NumberOf(delivered.Packet)).ToArray();
        Assert.Equal(-1, numbers[0]);
        Assert.Equal(LinkLimits.MaxQueuedPackets, numbers.Length);
        Assert.DoesNotContain(0, numbers);
        Assert.True(Array.IndexOf(numbers, 1) < Array.IndexOf(numbers, 2));
    }

    [Theory]
    [InlineData(1_500, 0)]
    [InlineData(1_400, 0)]
    [InlineData(1_399, 0)]
    [InlineData(1_300, 0)]
    [InlineData(1_300, 0.3)]
    [InlineData(1_240, 0)]
    [InlineData(1_160, 0)]
    [InlineData(1_152, 0)]
    public void The_datagram_size_is_found_and_long_packets_are_cut_to_it(int mtu, double loss)
    {
        using var pair = new LinkPair { Mtu = mtu, Loss = loss };
        pair.RunFor(Duration.FromSeconds(10));
        var most = Math.Min(mtu - WireLimits.IPv4Overhead, WireLimits.FullDatagram);
        Assert.InRange(pair.A.DatagramSize, Math.Max(WireLimits.BaseDatagram, most == WireLimits.FullDatagram ? most : most - LinkLimits.MtuStep), most);
        for (var i = 0; i < 50; i++)
            pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(i, WireLimits.MaxPathPacket));
        pair.RunUntil(pair.Now + Duration.FromSeconds(5), () => pair.DeliveredToB.Count == 50);
        Assert.All(pair.DeliveredToB, delivered => Assert.Equal(LinkPair.Numbered(LinkPair.NumberOf(delivered.Packet), WireLimits.MaxPathPacket), delivered.Packet));
        Assert.Equal(50, pair.DeliveredToB.Count);
    }

    [Fact]
    public void A_black_hole_for_large_datagrams_is_found_and_lived_with()
    {
        using var pair = new LinkPair();
        pair.RunFor(Duration.FromSeconds(1));
        Assert.Equal(WireLimits.FullDatagram, pair.A.DatagramSize);
        pair.Mtu = 1_200;
        for (var i = 0; i < 100; i++)
        {
            pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(i, i % 2 == 0 ? 1_250 : 100));
            pair.RunFor(Duration.FromMilliseconds(10));
        }

        pair.RunUntil(pair.Now + Duration.FromSeconds(10), () => pair.DeliveredToB.Count >= 100);
        Assert.Equal(100, pair.DeliveredToB.Count);
        Assert.InRange(pair.A.DatagramSize, WireLimits.BaseDatagram, 1_172);
    }

    [Fact]
    public void A_black_hole_is_found_though_nothing_small_is_ever_sent()
    {
        using var pair = new LinkPair();
        pair.RunFor(Duration.FromSeconds(1));
        Assert.Equal(WireLimits.FullDatagram, pair.A.DatagramSize);
        pair.Mtu = 1_200;
        for (var i = 0; i < 200; i++)
            pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(i, 1_250));
        pair.RunUntil(pair.Now + Duration.FromSeconds(10), () => pair.DeliveredToB.Count >= 200);
        Assert.Equal(200, pair.DeliveredToB.Count);
    }

    [Fact]
    public void Keys_change_under_traffic_without_a_lost_packet()
    {
        using var pair = new LinkPair(5) { Loss = 0.02, Jitter = Duration.FromMilliseconds(15) };
        var sent = 0;
        var end = pair.Now + Duration.FromSeconds(350);
        while (pair.Now < end)
        {
            pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(sent, 200));
            pair.Send(pair.B, ServiceClass.Signal, LinkPair.Numbered(sent++, 200));
            pair.RunFor(Duration.FromMilliseconds(25));
        }

        pair.RunFor(Duration.FromSeconds(5));
        Assert.Equal(3u, pair.A.KeyGeneration);
        Assert.Equal(3u, pair.B.KeyGeneration);
        Assert.Equal(0, pair.DropsA[DropReason.NotAuthentic]);
        Assert.Equal(0, pair.DropsB[DropReason.NotAuthentic]);
        Assert.Equal(sent, pair.DeliveredToA.Count);
        Assert.Equal(sent, pair.DeliveredToB.Count);
    }

    [Fact]
    public void An_idle_link_changes_its_keys_too_and_stays_alive()
    {
        using var pair = new LinkPair();
        pair.RunFor(Duration.FromSeconds(1_000));
        Assert.False(pair.A.IsDead);
        Assert.False(pair.B.IsDead);
        Assert.InRange(pair.A.KeyGeneration, 8u, 10u);
        Assert.Equal(pair.A.KeyGeneration, pair.B.KeyGeneration);
    }

    /// <summary>New keys are offered once over a long way, and not again before the answer can be back.</summary>
    [Fact]
    public void An_idle_link_over_a_long_way_offers_new_keys_once()
    {
        using var pair = new LinkPair { Delay = Duration.FromMilliseconds(250) };
        pair.RunFor(LinkLimits.RekeyAfter - Duration.FromSeconds(1));
        var offers = 0;
        pair.Tap = (toA, datagram) =>
        {
            offers += !toA && datagram.Length > 1 + 4 + P256PublicKey.Bytes + SealedHeader.TagLength ? 1 : 0;
            return true;
        };
        pair.RunFor(Duration.FromSeconds(10));
        Assert.Equal((1u, 1u), (pair.A.KeyGeneration, pair.B.KeyGeneration));
        Assert.Equal(1, offers);
    }

    [Fact]
    public void A_peer_that_moves_is_followed_and_loses_nothing()
    {
        using var pair = new LinkPair();
        var moved = NetAddress.FromIPv4(0x0A00_0063, 99);
        for (var i = 0; i < 200; i++)
        {
            pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(i, 300));
            pair.Send(pair.B, ServiceClass.Signal, LinkPair.Numbered(i, 300));
            if (i == 100)
                pair.SourceOfB = moved;
            pair.RunFor(Duration.FromMilliseconds(10));
        }

        pair.RunFor(Duration.FromSeconds(2));
        Assert.Equal(moved, pair.A.PeerAddress);
        Assert.Equal(200, pair.DeliveredToA.Count);
        Assert.Equal(200, pair.DeliveredToB.Count);
    }

    [Fact]
    public void A_copy_of_an_old_datagram_changes_nothing()
    {
        using var pair = new LinkPair();
        var copies = new List<byte[]>();
        pair.Tap = (toA, datagram) =>
        {
            if (toA)
                copies.Add(datagram);
            return true;
        };
        for (var i = 0; i < 20; i++)
            pair.Send(pair.B, ServiceClass.Signal, LinkPair.Numbered(i, 300));
        pair.RunFor(Duration.FromSeconds(1));
        var before = pair.DeliveredToA.Count;
        foreach (var copy in copies)
            pair.Inject(toA: true, copy, NetAddress.FromIPv4(0x0A00_0063, 99));
        Assert.Equal(before, pair.DeliveredToA.Count);
        Assert.Equal(copies.Count, pair.DropsA[DropReason.Replayed]);
        Assert.Equal(LinkPair.AddressB, pair.A.PeerAddress);
    }

    [Fact]
    public void Silence_where_an_answer_is_owed_is_death_and_frees_everything()
    {
        using var pair = new LinkPair();
        pair.RunFor(Duration.FromSeconds(1));
        pair.AIsCutOff = true;
        for (var i = 0; i < 20; i++)
            pair.Send(pair.A, ServiceClass.Signal, LinkPair.Numbered(i, 300));
        var start = pair.Now;
        Assert.True(pair.RunUntil(pair.Now + Duration.FromSeconds(10), () => pair.A.IsDead));
        Assert.InRange((pair.Now - start).Seconds, 2.9, 3.5);
        pair.A.Dispose();
        Assert.Equal(20, pair.DropsA[DropReason.LinkDied]);
    }

    [Fact]
    public void Goodbye_ends_the_other_side_too()
    {
        using var pair = new LinkPair();
        pair.RunFor(Duration.FromSeconds(1));
        pair.A.Close(CloseReason.GoingAway);
        pair.RunFor(Duration.FromSeconds(1));
        Assert.True(pair.A.IsDead);
        Assert.True(pair.B.IsDead);
        Assert.Equal(CloseReason.GoingAway, pair.B.PeerClosed);
    }
}
