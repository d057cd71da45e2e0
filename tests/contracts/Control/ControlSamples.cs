using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Traffic;

namespace WeCan.Contracts.Tests.Control;

/// <summary>Any control message that may be, drawn from a seed: every bound is reached now and then.</summary>
internal sealed class ControlSamples(Random random)
{
    public const int Kinds = 20;

    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

    public ControlMessage Message() => Message(random.Next(Kinds));

    public ControlMessage Message(int kind) => kind switch
    {
        0 => new PingMessage(Bits32()),
        1 => new PongMessage(Bits32()),
        2 => new GoodbyeMessage((GoodbyeReason)random.Next(9), Text(), Bits32()),
        3 => new HelloMessage
        {
            Protocol = random.Next(4),
            Software = Text(),
            Role = Role(),
            Epoch = new(Bits32()),
            Addresses = Addresses(),
            Network = Network(),
            Held = Version(),
            HeldRoutes = RoutesVersion(),
            IsDraining = random.Next(2) == 0,
        },
        4 => new AckMessage(Version()),
        5 => new ResyncMessage(),
        6 => new RenewMessage(Certificate(), Key()),
        7 => new AddressesMessage(Addresses()),
        8 => new DrainingMessage(random.Next(2) == 0),
        9 => new WelcomeMessage
        {
            Protocol = random.Next(4),
            Controller = Text(),
            Network = Network(),
            Number = Number(),
            Time = Time(),
            Controllers = [.. Enumerable.Range(0, random.Next(ControlLimits.MaxControllers + 1)).Select(i => $"c{i}.example.org:{1 + random.Next(65_535)}")],
            Authorities = random.Next(2) == 0 ? [] : Certificates(),
        },
        10 => new SnapshotMessage(Version(), Bits32(), random.Next(2) == 0, Members()),
        11 => Delta(),
        12 => new CertificateMessage(Certificates()),
        13 => new LinkReportsMessage(random.Next(2) == 0, random.Next(2) == 0, Links()),
        14 => new RoutesHeldMessage(RoutesVersion(), random.Next(2) == 0),
        15 => new RoutesMessage(random.Next(2) == 0 ? null : RoutesVersion(), RoutesVersion(), Bits32(), random.Next(2) == 0, Routes()),
        16 => Traffic(),
        17 => new AccessHeldMessage(new(Bits64(), Bits64()), random.Next(2) == 0),
        18 => new AccessMessage(random.Next(2) == 0 ? null : new(Bits64(), Bits64()), new(Bits64(), Bits64()), Bits32(), random.Next(2) == 0, Records()),
        _ => new RefusalMessage((ControlKind)random.Next(64), Text()),
    };

    public Member Member(NodeId number)
    {
        var role = Role();
        return new()
        {
            Number = number,
            Role = role,
            Key = Key(),
            Addresses = Addresses(),
            Name = Label(ControlLimits.MaxName),
            Region = Label(ControlLimits.MaxPlace),
            Site = Label(ControlLimits.MaxPlace),
            Operator = Label(ControlLimits.MaxPlace),
            Edge = role == NodeRole.Edge ? EdgeIndex.From((ushort)random.Next(65_536)) : null,
            Expires = Time(),
            State = random.Next(2) == 0 ? MemberState.Active : MemberState.Draining,
        };
    }

    public List<Member> Members() =>
        [.. Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(1, 65_536)).Distinct().Order().Select(number => Member(new((ushort)number)))];

    public NodeId Number() => new((ushort)random.Next(1, 65_536));

    public MembershipVersion Version() => new(Bits64(), Bits64());

    public RoutesVersion RoutesVersion() => new(Bits64(), Bits64());

    public LinkReport Link(NodeId peer) => random.Next(5) == 0 ? new(peer, LinkState.Gone) : new(peer, random.Next(2) == 0 ? LinkState.Up : LinkState.Proven)
    {
        Rtt = Duration.FromMicroseconds(Bits32()),
        MinRtt = Duration.FromMicroseconds(Bits32()),
        Jitter = Duration.FromMicroseconds(Bits32()),
        LossTo = Share(),
        LossFrom = Share(),
        BurstTo = Bits32(),
        BurstFrom = Bits32(),
        Bandwidth = new(1_000L * Bits32()),
        Used = new(1_000L * Bits32()),
    };

    public DestinationRoutes Ways(RouteKey key)
    {
        var destination = key.Destination;
        var ways = new NodeId[random.Next(ControlLimits.MaxWays + 1)][];
        for (var rank = 0; rank < ways.Length; rank++)
        {
            var count = random.Next(4) == 0 ? ControlLimits.MaxRelays : random.Next(3);
            ways[rank] = [.. Enumerable.Range(0, count).Select(_ => Number()).Where(relay => relay != destination).Distinct()];
        }

        return new(key, ways);
    }

    public OverlayKey Key()
    {
        var bytes = Bytes(OverlayKey.Bytes);
        bytes[0] |= 1;
        return OverlayKey.TryRead(bytes, out var key) ? key : throw new InvalidOperationException("64 bytes are a key");
    }

    private DeltaMessage Delta()
    {
        var from = Version() with { Number = Bits64() >> 1 };
        var changes = Members().Select((member, i) => i % 3 == 2
            ? MemberChange.End((MemberChangeKind)random.Next(4, 6), member.Number)
            : MemberChange.Put((MemberChangeKind)random.Next(1, 4), member));
        return new(from, Version() with { Number = from.Number + 1 + (Bits64() >> 2) }, [.. changes]);
    }

    private NodeTrafficMessage Traffic() => new()
    {
        Time = Duration.FromMilliseconds(Bits32()),
        Classes = [.. Enumerable.Range(0, random.Next(5)).Select(_ => new ClassTraffic(Amount(), Amount(), Amount(), Amount(), Amount(), Amount()))],
        LinkBytesIn = Amount(),
        LinkBytesOut = Amount(),
        Sent = [.. Enumerable.Range(0, random.Next(12)).Select(_ => new PairSent(Number(), Amount(), Amount(), Duration.FromMicroseconds(Bits32())))],
        Received = [.. Enumerable.Range(0, random.Next(12)).Select(_ => new PairReceived(Number(), Amount(), Amount(), Amount(), Amount()))],
    };

    private long Amount() => random.Next(8) == 0 ? ControlLimits.MaxTraffic : (long)(Bits64() % ControlLimits.MaxTraffic);

    private LinkReport[] Links() => [.. Enumerable.Range(0, random.Next(12)).Select(_ => Link(Number()))];

    private DestinationRoutes[] Routes() => [.. Enumerable.Range(0, random.Next(12)).Select(_ => RouteKey(Number())).Distinct().Order().Select(Ways)];

    public RouteKey RouteKey(NodeId destination) => new(destination, (RouteClass)random.Next(3));

    /// <summary>In ascending order, some of them gone.</summary>
    public List<AccessRecord> Records() =>
        [.. Enumerable.Range(0, random.Next(12)).Select(_ => ((AccessKind)random.Next(1, 4), $"shop/sub/{random.Next(40)}ä")).Distinct()
            .Select(key => new AccessRecord(key.Item1, key.Item2, random.Next(4) == 0 ? [] : Bytes(random.Next(20) == 0 ? ControlLimits.MaxAccessBody : 1 + random.Next(100)))).Order(AccessRecord.ByName)];

    private uint Share() => random.Next(4) == 0 ? 1_000_000 : (uint)random.Next(1_000_001);

    private NetworkId Network() => new(new(Bits64() | 1, Bits64()));

    private NodeRole Role() => random.Next(2) == 0 ? NodeRole.Relay : NodeRole.Edge;

    private UnixTime Time() => new(random.NextInt64(UnixTime.MaxValue.Seconds + 1) >> random.Next(38));

    private byte[] Certificate() => Bytes(random.Next(8) == 0 ? ControlLimits.MaxCertificate : 1 + random.Next(600));

    private byte[][] Certificates() => [.. Enumerable.Range(0, 1 + random.Next(ControlLimits.MaxCertificates)).Select(_ => Certificate())];

    private NetAddress[] Addresses() =>
        [.. Enumerable.Range(0, random.Next(ControlLimits.MaxAddresses + 1)).Select(_ => random.Next(2) == 0
            ? NetAddress.FromIPv4(Bits32(), (ushort)random.Next(1, 65_536))
            : new(Bits64(), Bits64(), (ushort)random.Next(1, 65_536)))];

    private string Label(int max) => new([.. Enumerable.Range(0, random.Next(4) == 0 ? max : random.Next(max + 1)).Select(_ => Letters[random.Next(Letters.Length)])]);

    private string Text() => random.Next(3) switch { 0 => "", 1 => Label(60), _ => string.Concat(Enumerable.Repeat("wärum ☂ ", random.Next(30))) };

    /// <summary>Small and large alike: otherwise nearly every number would need all of its bits.</summary>
    private ulong Bits64() => (ulong)random.NextInt64() >> random.Next(63);

    private uint Bits32() => (uint)(Bits64() & uint.MaxValue);

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
