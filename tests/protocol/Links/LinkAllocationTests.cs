using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>A packet's way over a link, from the queue of one end to the delivery at the other, takes nothing from the heap.</summary>
[Collection(Alone.Name)]
public sealed class LinkAllocationTests
{
    private readonly PacketPool _pool = new(64L << 20);
    private readonly byte[] _datagram = new byte[WireLimits.FullDatagram];
    private readonly byte[] _scratch = new byte[WireLimits.FullDatagram];
    private MonoTime _now = MonoTime.FromSeconds(1);

    [Theory]
    [InlineData(200, false)]
    [InlineData(1_200, false)]
    [InlineData(60, true)]
    public void A_packet_in_steady_state_allocates_nothing(int size, bool coalesces)
    {
        using var a = Make(isInitiator: true, coalesces);
        using var b = Make(isInitiator: false, coalesces);
        for (var turn = 0; turn < 400; turn++)
            Turn(a, b, size);
        var delivered = b.Counters.PacketsDelivered;
        var allocated = long.MaxValue;

        // Compiling a method anew allocates on the thread that waits for it; a packet that allocates does so every time.
        for (var attempt = 0; attempt < 3 && allocated != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var turn = 0; turn < 400; turn++)
                Turn(a, b, size);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.True(b.Counters.PacketsDelivered - delivered >= 400 * 16);
    }

    private Link Make(bool isInitiator, bool coalesces)
    {
        using var handshake = new SymmetricState("two links"u8, CipherSuite.Aes128Gcm);
        var secrets = LinkSecrets.FromHandshake(handshake, CipherSuite.Aes128Gcm, isInitiator);
        var keys = new LinkKeys(secrets, DeterministicRandom.FromNumber(1), _now);
        var options = new LinkOptions(
            new(isInitiator ? 1u : 2), new(isInitiator ? 2u : 1), LinkPair.AddressA, isInitiator, coalesces, Duration.FromMilliseconds(1));
        return new Link(options, keys, _pool, new DropCounters(), _now);
    }

    private void Turn(Link a, Link b, int size)
    {
        for (var i = 0; i < 16; i++)
        {
            var packet = _pool.TryRent(size)!;
            packet.Class = ServiceClass.Signal;
            a.Enqueue(_now, packet);
        }

        Carry(a, b);
        Carry(b, a);
        _now += Duration.FromMicroseconds(500);
        a.HandleTimeout(_now);
        b.HandleTimeout(_now);
    }

    private void Carry(Link from, Link to)
    {
        while (from.TryPollTransmit(_now, _datagram, out var length))
        {
            Assert.True(SealedHeader.TryRead(_datagram.AsSpan(0, length), out var header));
            to.TryOpen(_now, from.PeerAddress, header, _datagram.AsSpan(0, length), _scratch);
            while (to.TryReadDelivery(_now, out _, out _))
            {
            }
        }
    }
}
