using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Repair;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>What a lane lets go of, and what it gives away when its link has died. docs/wire-format.md, section 5.8 for the pieces.</summary>
public sealed class SendLaneTests
{
    private static readonly MonoTime Now = MonoTime.FromSeconds(10);

    private readonly DropCounters _drops = new();
    private readonly PacketPool _pool = new(1 << 20);
    private readonly SendLane _lane;
    private static readonly RepairConditions Conditions = new(Duration.FromMilliseconds(90), Duration.FromMilliseconds(40), Duration.FromMilliseconds(2), Loss: 0.05, Burst: 1);

    private ulong _packetNumber;

    public SendLaneTests() => _lane = new SendLane(_pool, _drops, new ResendBudget());

    [Fact]
    public void WhatWasSentAndNotAcknowledgedGoesFirstAndInOrder()
    {
        for (byte number = 0; number < 10; number++)
            Enqueue(number, 100, priority: (byte)(number < 8 ? 0 : 7));
        for (var sent = 0; sent < 6; sent++)
            Send();
        _lane.OnAcked(1);
        _lane.OnLost(Now, 3, lostPacket: 3, Conditions);
        _lane.OnLost(Now, 0, lostPacket: 0, Conditions);

        // Sent were the two of priority 7 and 0 to 3; the second of them was acknowledged.
        Assert.Equal([8, 0, 1, 2, 3, 4, 5, 6, 7], TakeHeld().Select(packet => packet.Bytes[0]));
        Assert.Equal(0, _drops.Total);
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Fact]
    public void WhatWasAcknowledgedWhileItWaitedToBeSentAgainGoesNowhere()
    {
        Enqueue(1, 100);
        Enqueue(2, 100);
        Send();
        Send();
        _lane.OnLost(Now, 0, lostPacket: 0, Conditions);
        _lane.OnAcked(0);
        Assert.Equal([2], TakeHeld().Select(packet => packet.Bytes[0]));
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void PiecesThatAreBothHereAreOnePacketAgain(int piecesSent)
    {
        Enqueue(9, WireLimits.MaxPathPacket);
        Enqueue(10, 50);
        for (var sent = 0; sent < piecesSent; sent++)
            Send();
        var held = TakeHeld();
        Assert.Equal([WireLimits.MaxPathPacket, 50], held.Select(packet => packet.Bytes.Length));
        Assert.Equal(Content(9, WireLimits.MaxPathPacket), held[0].Bytes);
        Assert.Equal(0, _drops.Total);
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void APieceWhoseOtherHalfArrivedIsCounted(ulong acked)
    {
        Enqueue(9, WireLimits.MaxPathPacket);
        Enqueue(10, 50);
        Send();
        Send();
        _lane.OnAcked(acked);
        Assert.Equal([50], TakeHeld().Select(packet => packet.Bytes.Length));
        Assert.Equal(1, _drops[DropReason.LinkDied]);
        Assert.Equal(1, _drops.Total);
        Assert.Equal(0, _pool.RentedBytes);
    }

    /// <summary>What a lane gives away is as good as new to another.</summary>
    [Fact]
    public void WhatWasGivenAwayCanBeSentElsewhere()
    {
        Enqueue(9, WireLimits.MaxPathPacket);
        Send();
        Send();
        var held = default(PacketList);
        _lane.TakeHeld(ref held);
        _lane.Clear();
        var packet = held.Take()!;
        var other = new SendLane(_pool, _drops, new ResendBudget());
        other.Enqueue(Now, packet);
        var again = other.TakeNext(Now, WireLimits.MaxPathPacket, WireLimits.MaxPathPacket, default)!;
        Assert.Equal((0UL, DataFrame.Whole, false), (again.Symbol, again.Piece, again.WasSent));
        other.OnAcked(0);
        Assert.Equal(0, _pool.RentedBytes);
    }

    /// <summary>
    /// docs/decisions/0026: what is sure to be late goes at once, and what has waited for more than this hop's share of the
    /// time that its deadline leaves beside the way, here 20 ms of 200, goes too.
    /// </summary>
    [Theory]
    [InlineData(200, 0, 179, true)]
    [InlineData(200, 0, 181, false)]
    [InlineData(200, 1, 89, true)]
    [InlineData(200, 1, 91, false)]
    [InlineData(200, 2, 59, true)]
    [InlineData(200, 2, 61, false)]
    [InlineData(20, 2, 5, true)]
    [InlineData(20, 2, 6, false)]
    [InlineData(15, 0, 4, true)]
    [InlineData(15, 0, 6, false)]
    [InlineData(9, 0, 0, false)]
    public void APacketThatWaitedForMoreThanItsShareIsLetGo(int deadline, byte hopsAfter, int waited, bool isSent)
    {
        EnqueueRealtime(deadline, hopsAfter, heldBefore: 0);
        CheckTaken(waited, isSent);
    }

    /// <summary>An operator sees which it was: too late for its deadline, or let go with time left.</summary>
    [Theory]
    [InlineData(200, 191, DropReason.Expired)]
    [InlineData(200, 189, DropReason.Shed)]
    [InlineData(9, 0, DropReason.Expired)]
    public void WhatIsLetGoIsCountedByItsReason(int deadline, int waited, DropReason reason)
    {
        EnqueueRealtime(deadline, hopsAfter: 0, heldBefore: 0);
        CheckTaken(waited, isSent: false);
        Assert.Equal(1, _drops[reason]);
    }

    /// <summary>What it has waited in the transport's own queue counts.</summary>
    [Theory]
    [InlineData(9, true)]
    [InlineData(11, false)]
    public void TheWaitBeginsWhereTheNodeGotThePacket(int waited, bool isSent)
    {
        EnqueueRealtime(120, hopsAfter: 1, heldBefore: 80);
        CheckTaken(waited, isSent);
    }

    [Fact]
    public void WithoutADeadlineNothingIsStale()
    {
        Enqueue(1, 100);
        CheckTaken(waited: 100_000, isSent: true);
    }

    private void EnqueueRealtime(int deadline, byte hopsAfter, int heldBefore)
    {
        var packet = _pool.TryRent(100)!;
        packet.Class = ServiceClass.Realtime;
        packet.Deadline = Now + Duration.FromMilliseconds(deadline);
        packet.HopsAfter = hopsAfter;
        if (heldBefore > 0)
            packet.HeldSince = Now - Duration.FromMilliseconds(heldBefore);
        _lane.Enqueue(Now, packet);
    }

    private void CheckTaken(int waited, bool isSent)
    {
        var crossing = new Crossing(Shortest: Duration.FromMilliseconds(10), Expected: Duration.FromMilliseconds(20));
        var taken = _lane.TakeNext(Now + Duration.FromMilliseconds(waited), WireLimits.BaseDatagram, WireLimits.BaseDatagram, crossing);
        Assert.Equal(isSent, taken is not null);
        Assert.Equal(isSent ? 0 : 1, _drops[DropReason.Expired] + _drops[DropReason.Shed]);
        Assert.Equal(isSent ? 0 : 1, _drops.Total);
        Assert.Equal(isSent, _pool.RentedBytes > 0);
    }

    private static byte[] Content(byte number, int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(number + i))];

    private void Enqueue(byte number, int length, byte priority = 0)
    {
        var packet = _pool.TryRent(length)!;
        Content(number, length).CopyTo(packet.Packet);
        packet.Class = ServiceClass.Signal;
        packet.Priority = priority;
        _lane.Enqueue(Now, packet);
    }

    private void Send()
    {
        var packet = _lane.TakeNext(Now, WireLimits.BaseDatagram, cutAbove: 1_000, default)!;
        packet.WasSent = true;
        packet.LastPacket = _packetNumber++;
    }

    private List<(int Length, byte[] Bytes)> TakeHeld()
    {
        var held = default(PacketList);
        _lane.TakeHeld(ref held);
        _lane.Clear();
        var packets = new List<(int, byte[])>();
        while (held.Take() is { } packet)
        {
            packets.Add((packet.Length, packet.Packet.ToArray()));
            _pool.Return(packet);
        }

        return packets;
    }
}
