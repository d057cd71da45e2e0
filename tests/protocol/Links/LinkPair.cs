using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Links;

/// <summary>Two links with a bad pipe between them, on virtual time: what the tests of the link layer drive.</summary>
internal sealed class LinkPair : IDisposable
{
    public static readonly NetAddress AddressA = NetAddress.FromIPv4(0x0A00_0001, 1);
    public static readonly NetAddress AddressB = NetAddress.FromIPv4(0x0A00_0002, 2);

    private readonly PriorityQueue<(bool ToA, byte[] Datagram), (long, long)> _inFlight = new();
    private readonly Random _random;
    private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];
    private readonly byte[] _scratch = new byte[WireLimits.FullDatagram];
    private readonly MonoTime[] _freeAt = [MonoTime.Zero, MonoTime.Zero];
    private long _sequence;

    public LinkPair(int seed = 1, bool isFast = false)
    {
        _random = new Random(seed);
        A = Make(isInitiator: true, 1, 2, AddressB, DropsA, isFast);
        B = Make(isInitiator: false, 2, 1, AddressA, DropsB, isFast);
    }

    public MonoTime Now { get; set; } = MonoTime.FromSeconds(100);

    public Link A { get; }

    public Link B { get; }

    public DropCounters DropsA { get; } = new();

    public DropCounters DropsB { get; } = new();

    public PacketPool Pool { get; } = new(64L << 20);

    public Duration Delay { get; set; } = Duration.FromMilliseconds(20);

    public Duration Jitter { get; set; } = Duration.Zero;

    public double Loss { get; set; }

    public double Duplication { get; set; }

    public int Mtu { get; set; } = 1_500;

    public bool AIsCutOff { get; set; }

    /// <summary>What the pipe carries each way, behind a queue of <see cref="QueueTime"/> that drops what overflows it; zero for no limit.</summary>
    public Bandwidth Rate { get; set; }

    public Duration QueueTime { get; set; } = Duration.FromMilliseconds(50);

    /// <summary>Where B's datagrams seem to come from.</summary>
    public NetAddress SourceOfB { get; set; } = AddressB;

    public List<(ServiceClass Class, byte[] Packet, MonoTime At)> DeliveredToA { get; } = [];

    public List<(ServiceClass Class, byte[] Packet, MonoTime At)> DeliveredToB { get; } = [];

    /// <summary>Lets the test see, and refuse, every datagram on the wire.</summary>
    public Func<bool, byte[], bool>? Tap { get; set; }

    public void Send(Link link, ServiceClass serviceClass, byte[] content, byte priority = 0, MonoTime? deadline = null)
    {
        var packet = Pool.TryRent(content.Length)!;
        content.CopyTo(packet.Packet);
        packet.Class = serviceClass;
        packet.Priority = priority;
        packet.Deadline = deadline ?? MonoTime.Never;
        link.Enqueue(Now, packet);
    }

    public static byte[] Numbered(int number, int length)
    {
        var content = new byte[length];
        for (var i = 0; i < length; i++)
            content[i] = (byte)(number + i);
        BinaryPrimitives.WriteInt32BigEndian(content, number);
        return content;
    }

    public static int NumberOf(byte[] content) => BinaryPrimitives.ReadInt32BigEndian(content);

    public void RunFor(Duration time) => RunUntil(Now + time, () => false);

    /// <summary>Runs until the condition holds or time is up; says which.</summary>
    public bool RunUntil(MonoTime end, Func<bool> condition)
    {
        for (var step = 0; step < 5_000_000; step++)
        {
            Poll(A, toA: false);
            Poll(B, toA: true);
            if (condition())
                return true;
            var next = MonoTime.Min(A.NextTimeout(Now), B.NextTimeout(Now));
            if (_inFlight.TryPeek(out _, out var due))
                next = MonoTime.Min(next, new(due.Item1));
            if (next > end)
            {
                Now = end;
                return false;
            }

            Now = MonoTime.Max(Now, next);
            Deliver();
            Wake(A);
            Wake(B);
        }

        throw new InvalidOperationException($"The links did not come to rest at {Now}.");
    }

    public void Inject(bool toA, byte[] datagram, NetAddress from)
    {
        var link = toA ? A : B;
        if (!SealedHeader.TryRead(datagram, out var header) || !link.TryOpen(Now, from, header, datagram, _scratch))
            return;
        while (link.TryReadDelivery(Now, out var serviceClass, out var packet))
            (toA ? DeliveredToA : DeliveredToB).Add((serviceClass, packet.ToArray(), Now));
    }

    /// <summary>Where things stand, for a failed test's message.</summary>
    public string Describe()
    {
        var drops = Enum.GetValues<DropReason>()
            .Where(reason => DropsA[reason] + DropsB[reason] > 0)
            .Select(reason => $"{reason} {DropsA[reason]}/{DropsB[reason]}");
        return $"{Now}: A {(A.IsDead ? "dead" : "alive")}, B {(B.IsDead ? "dead" : "alive")}, {DeliveredToB.Count} at B, {DeliveredToA.Count} at A, " +
            $"lost {A.Counters.PacketsLost}, spurious {A.Counters.SpuriousLosses}, resent {A.Counters.SymbolsResent}, drops A/B: {string.Join(", ", drops)}";
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }

    private Link Make(bool isInitiator, byte id, byte peerId, NetAddress peer, DropCounters drops, bool isFast)
    {
        using var handshake = new SymmetricState("a pair of links"u8, CipherSuite.Aes128Gcm);
        var secrets = LinkSecrets.FromHandshake(handshake, CipherSuite.Aes128Gcm, isInitiator);
        var keys = new LinkKeys(secrets, DeterministicRandom.FromNumber(id), Now);
        return new Link(new LinkOptions(new(id), new(peerId), peer, isInitiator, Coalesces: true, Duration.Zero, Budget: isFast ? new ProbeBudget() : null), keys, Pool, drops, Now);
    }

    private void Wake(Link link)
    {
        if (link.NextTimeout(Now) <= Now)
            link.HandleTimeout(Now);
    }

    private void Poll(Link link, bool toA)
    {
        while (link.TryPollTransmit(Now, _buffer, out var length))
        {
            var datagram = _buffer.AsSpan(0, length).ToArray();
            if (Tap is not null && !Tap(toA, datagram))
                continue;
            if (length + WireLimits.IPv4Overhead > Mtu || _random.NextDouble() < Loss || (AIsCutOff && toA))
                continue;
            Put(toA, datagram);
            if (_random.NextDouble() < Duplication)
                Put(toA, datagram);
        }
    }

    private void Put(bool toA, byte[] datagram)
    {
        ref var freeAt = ref _freeAt[toA ? 1 : 0];
        freeAt = MonoTime.Max(freeAt, Now);
        if (freeAt - Now > QueueTime)
            return;
        freeAt += Rate.TimeFor(datagram.Length + WireLimits.IPv4Overhead);
        var due = freeAt + Delay + (Jitter * _random.NextDouble());
        _inFlight.Enqueue((toA, datagram), (due.Nanoseconds, _sequence++));
    }

    private void Deliver()
    {
        while (_inFlight.TryPeek(out var packet, out var due) && due.Item1 <= Now.Nanoseconds)
        {
            _inFlight.Dequeue();
            Inject(packet.ToA, packet.Datagram, packet.ToA ? SourceOfB : AddressA);
        }
    }
}
