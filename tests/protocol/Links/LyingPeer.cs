using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>
/// A link whose peer has the keys and says whatever it likes: the test writes the frames, and they are authentic. Also
/// what the fuzzer of links drives.
/// </summary>
internal sealed class LyingPeer : IDisposable
{
    public static readonly NetAddress Address = NetAddress.FromIPv4(0x0A00_0009, 9);

    /// <summary>More than any honest poll gives: the window's floor of packets, probes and all.</summary>
    public const int MostPolls = 10_000;

    private readonly byte[] _datagram = new byte[WireLimits.FullDatagram];
    private readonly byte[] _scratch = new byte[WireLimits.FullDatagram];

    public LyingPeer(bool victimInitiates, long poolBytes = 64L << 20, ProbeBudget? budget = null)
    {
        Pool = new PacketPool(poolBytes);
        var options = new LinkOptions(new(1), new(2), Address, victimInitiates, Coalesces: true, Duration.FromMilliseconds(10), Budget: budget);
        Victim = new Link(options, MakeKeys(victimInitiates, 1), Pool, Drops, Now);
        Keys = MakeKeys(!victimInitiates, 2);
    }

    public MonoTime Now { get; set; } = MonoTime.FromSeconds(50);

    public Link Victim { get; }

    /// <summary>The liar's own, in step with the victim's where the liar plays along.</summary>
    public LinkKeys Keys { get; }

    public PacketPool Pool { get; }

    public DropCounters Drops { get; } = new();

    /// <summary>The number of the next datagram; the test may jump.</summary>
    public ulong Next { get; set; }

    public int DeliveredCount { get; private set; }

    public int SentCount { get; private set; }

    /// <summary>All that the victim was told and what it sent, with the headers of UDP and IP.</summary>
    public long SaidBytes { get; private set; }

    public long SentBytes { get; private set; }

    /// <summary>Where set, gets each packet that the victim hands up.</summary>
    public Action<ServiceClass, byte[]>? OnDelivery { get; set; }

    /// <summary>Where set, gets the frames of each datagram that the victim sends.</summary>
    public Action<byte[]>? OnSent { get; set; }

    /// <summary>Seals the frames under the next number and hands them over. False when the victim did not open them.</summary>
    public bool Say(ReadOnlySpan<byte> frames, int flipPhase = 0)
    {
        var length = SealedHeader.MinDatagram + frames.Length;
        var number = Next++;
        SaidBytes += length + WireLimits.IPv4Overhead;
        SealedHeader.Write(_datagram, Keys.SendPhase ^ flipPhase, new(1), number);
        frames.CopyTo(_datagram.AsSpan(SealedHeader.Length));
        Keys.Seal(number, _datagram.AsSpan(0, length));
        Assert.True(SealedHeader.TryRead(_datagram.AsSpan(0, length), out var header));
        if (!Victim.TryOpen(Now, Address, header, _datagram.AsSpan(0, length), _scratch))
            return false;
        while (Victim.TryReadDelivery(Now, out var serviceClass, out var packet))
        {
            Assert.InRange(packet.Length, 1, WireLimits.MaxPathPacket);
            DeliveredCount++;
            OnDelivery?.Invoke(serviceClass, packet.ToArray());
        }

        return true;
    }

    public void Enqueue(ServiceClass serviceClass, int length, byte priority = 0, MonoTime? deadline = null)
    {
        if (Pool.TryRent(length) is not { } packet)
            return;
        packet.Packet.Fill((byte)length);
        packet.Class = serviceClass;
        packet.Priority = priority;
        packet.Deadline = deadline ?? MonoTime.Never;
        Victim.Enqueue(Now, packet);
    }

    /// <summary>Polls the victim dry, and reads what it says where somebody wants to know.</summary>
    public int Poll()
    {
        var polls = 0;
        while (Victim.TryPollTransmit(Now, _datagram, out var length))
        {
            Assert.True(++polls < MostPolls, "The link sends without end.");
            Assert.InRange(length, SealedHeader.MinDatagram + 1, WireLimits.FullDatagram);
            SentCount++;
            SentBytes += length + WireLimits.IPv4Overhead;
            if (OnSent is not null && SealedHeader.TryRead(_datagram.AsSpan(0, length), out var header) &&
                Keys.TryOpen(Now, header.Phase, header.PacketNumber, _datagram.AsSpan(0, length), _scratch, Duration.FromMilliseconds(100)))
                OnSent(_scratch.AsSpan(0, length - SealedHeader.MinDatagram).ToArray());
        }

        return polls;
    }

    /// <summary>Lets time pass, waking the victim whenever it asks for it.</summary>
    public void Pass(Duration time)
    {
        var end = Now + time;
        for (var wakes = 0; ; wakes++)
        {
            Assert.True(wakes < MostPolls, $"The link wakes without end at {Now}.");
            Poll();
            var next = Victim.NextTimeout(Now);
            if (next > end)
                break;
            Now = MonoTime.Max(Now, next);
            Victim.HandleTimeout(Now);
        }

        Now = end;
    }

    public void Dispose()
    {
        Victim.Dispose();
        Keys.Dispose();
    }

    private static LinkKeys MakeKeys(bool isInitiator, ulong seed)
    {
        using var handshake = new SymmetricState("a link with a liar"u8, CipherSuite.Aes128Gcm);
        var secrets = LinkSecrets.FromHandshake(handshake, CipherSuite.Aes128Gcm, isInitiator);
        return new LinkKeys(secrets, DeterministicRandom.FromNumber(seed), MonoTime.FromSeconds(50));
    }
}
