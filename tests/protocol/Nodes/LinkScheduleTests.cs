using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>The schedule wakes every link at the time that was set last, and each once.</summary>
public sealed class LinkScheduleTests
{
    [Fact]
    public void Links_come_due_in_the_order_of_their_times()
    {
        var random = new Random(4);
        var schedule = new LinkSchedule();
        var slots = Enumerable.Range(0, 200).Select(_ => MakeSlot()).ToArray();
        var due = new Dictionary<LinkSlot, MonoTime>();
        for (var step = 0; step < 5_000; step++)
        {
            var slot = slots[random.Next(slots.Length)];
            switch (random.Next(4))
            {
                case 0:
                    schedule.Remove(slot);
                    due.Remove(slot);
                    break;
                case 1 when due.Count > 0:
                    var now = due.Values.Min();
                    Assert.Equal(now, schedule.NextTimeout);
                    Assert.True(schedule.TryTakeDue(now, out var first));
                    Assert.Equal(now, due[first]);
                    due.Remove(first);
                    break;
                default:
                    var at = random.Next(20) == 0 ? MonoTime.Never : new MonoTime(random.Next(1_000_000));
                    schedule.WakeAt(slot, at);
                    due[slot] = at;
                    if (at.IsNever)
                        due.Remove(slot);
                    break;
            }
        }

        foreach (var expected in due.Values.Order().ToArray())
        {
            Assert.False(schedule.TryTakeDue(expected - new Duration(1), out _));
            Assert.True(schedule.TryTakeDue(expected, out var slot));
            Assert.Equal(expected, due[slot]);
        }

        Assert.True(schedule.NextTimeout.IsNever);
    }

    [Fact]
    public void A_ready_link_stands_in_line_once()
    {
        var schedule = new LinkSchedule();
        var slot = MakeSlot();
        schedule.MarkReady(slot);
        schedule.MarkReady(slot);
        Assert.True(schedule.TryPeekReady(out var first));
        Assert.Same(slot, first);
        schedule.TakeReady();
        Assert.False(schedule.TryPeekReady(out _));
        schedule.MarkReady(slot);
        Assert.True(schedule.TryPeekReady(out _));
    }

    private static LinkSlot MakeSlot()
    {
        using var handshake = new SymmetricState("a slot"u8, CipherSuite.Aes128Gcm);
        var keys = new LinkKeys(
            LinkSecrets.FromHandshake(handshake, CipherSuite.Aes128Gcm, isInitiator: true), DeterministicRandom.FromNumber(1), MonoTime.Zero);
        var options = new LinkOptions(new(1), new(2), NetAddress.None, IsInitiator: true, Coalesces: true, Duration.Zero);
        return new LinkSlot(new Link(options, keys, new PacketPool(1 << 20), new DropCounters(), MonoTime.Zero), peer: null, MonoTime.Zero);
    }
}
