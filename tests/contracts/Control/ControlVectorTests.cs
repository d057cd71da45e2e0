using System.Text.Json;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Traffic;

namespace WeCan.Contracts.Tests.Control;

/// <summary>The messages of docs/control.md, held against what vectors/generate.py wrote with another implementation.</summary>
public sealed class ControlVectorTests
{
    private static readonly JsonElement Vectors = Load();

    private static readonly OverlayKey Key = OverlayKey.TryRead([.. Enumerable.Range(1, 64).Select(i => (byte)i)], out var key) ? key : default;

    private static readonly MembershipVersion Version = new(300, 0x0123_4567_89AB_CDEF);
    private static readonly NetworkId Network = NetworkId.TryParse("101112131415161718191a1b1c1d1e1f", out var id) ? id : default;
    private static readonly NetAddress IPv4 = NetAddress.TryParse("192.0.2.1:4600", out var address) ? address : default;
    private static readonly NetAddress IPv6 = NetAddress.TryParse("[2001:db8::1]:4601", out var address) ? address : default;

    private static readonly Member Edge = new()
    {
        Number = new(7),
        Role = NodeRole.Edge,
        Key = Key,
        Addresses = [IPv4, IPv6],
        Name = "fra-1",
        Region = "eu",
        Site = "fra",
        Operator = "op",
        Edge = new EdgeIndex(2, 1),
        Expires = new(1_800_000_000),
    };

    private static readonly Member Relay = new() { Number = new(9), Role = NodeRole.Relay, Key = Key, Expires = new(1_800_000_001), State = MemberState.Draining };

    private static readonly Dictionary<string, ControlMessage> Messages = new(StringComparer.Ordinal)
    {
        ["ping"] = new PingMessage(7),
        ["pong"] = new PongMessage(4_000_000_000),
        ["goodbye"] = new GoodbyeMessage(GoodbyeReason.NotAMember, "node 7 was revoked", 60),
        ["hello"] = new HelloMessage { Software = "wecan-relay 0.1", Role = NodeRole.Relay, Epoch = new(1_700_000_000), Addresses = [IPv4], Network = Network, Held = Version, HeldRoutes = new(5, 0x0123_4567_89AB_CDEF), IsDraining = true },
        ["ack"] = new AckMessage(Version),
        ["resync"] = new ResyncMessage(),
        ["renew"] = new RenewMessage([.. "request"u8], Key),
        ["addresses"] = new AddressesMessage([IPv6, IPv4]),
        ["draining"] = new DrainingMessage(false),
        ["welcome"] = new WelcomeMessage
        {
            Controller = "c1",
            Network = Network,
            Number = new(7),
            Time = new(1_700_000_000),
            Controllers = ["c1.example.org:4700", "[2001:db8::2]:4700"],
            Authorities = [[.. "a1"u8], [.. "a2"u8]],
        },
        ["snapshot"] = new SnapshotMessage(Version, 3, true, [Edge, Relay]),
        ["delta"] = new DeltaMessage(
            Version,
            new(70_000, 0xFEDC_BA98_7654_3210),
            [
                MemberChange.Put(MemberChangeKind.Joined, Edge), MemberChange.Put(MemberChangeKind.Changed, Relay), MemberChange.Put(MemberChangeKind.Renewed, Relay),
                MemberChange.End(MemberChangeKind.Revoked, new(11)), MemberChange.End(MemberChangeKind.Removed, new(65_535)),
            ]),
        ["certificate"] = new CertificateMessage([[.. "own"u8], [.. "authority"u8]]),
        ["refusal"] = new RefusalMessage(ControlKind.Renew, "no"),
        ["linkReports"] = new LinkReportsMessage(
            true,
            false,
            [
                new(new(9), LinkState.Proven)
                {
                    Rtt = Duration.FromMicroseconds(80_250),
                    MinRtt = Duration.FromMicroseconds(79_000),
                    Jitter = Duration.FromMicroseconds(300),
                    LossTo = 50_000,
                    LossFrom = 1_000_000,
                    BurstTo = 150,
                    BurstFrom = 400,
                    Bandwidth = new(100_000_000),
                    Used = new(2_500_000),
                },
                new(new(300), LinkState.Up),
                new(new(70), LinkState.Gone),
            ]),
        ["routesHeld"] = new RoutesHeldMessage(new(5, 77), true),
        ["nodeTraffic"] = new NodeTrafficMessage
        {
            Time = Duration.FromSeconds(10),
            Classes = [new(1, 2, 3, 4, 5, 6), default, new(70_000, 1L << 40, 1, 0, 0, 1L << 50), new(0, 0, 7, 8, 0, 0)],
            LinkBytesIn = 300,
            LinkBytesOut = 1L << 33,
            Sent = [new(new(9), 1_000, 990, Duration.FromMilliseconds(42)), new(new(300), 1, 0, Duration.Zero)],
            Received = [new(new(9), 995, 980, 5, 970)],
        },
        ["routes"] = new RoutesMessage(new RoutesVersion(5, 77), new(6, ulong.MaxValue), 1, true, [new(new(3)), new(new(9), [], [new(4)], [new(300), new(6)]), new(new(11), [[new(9)]]), new(new RouteKey(new(9), RouteClass.Realtime), [[new(8)]]), new(new RouteKey(new(11), RouteClass.Bulk), [[]])]),
        ["accessHeld"] = new AccessHeldMessage(new(5, 77), true),
        ["access"] = new AccessMessage(new AccessVersion(5, 77), new(6, ulong.MaxValue), 1, true, [new(AccessKind.Key, "2026-11", [.. "body"u8]), new(AccessKind.Revocation, "shop/sub/ann", []), new((AccessKind)9, "later", [.. "x"u8])]),
        ["accessWhole"] = new AccessMessage(null, new(1, 0), 0, false, []),
        ["routesWhole"] = new RoutesMessage(null, new(1, 0), 0, false, []),
    };

    [Fact]
    public void There_is_a_vector_for_every_kind() =>
        Assert.Equal(Enum.GetValues<ControlKind>(), Messages.Values.Select(message => message.Kind).Distinct().Order());

    [Fact]
    public void Ours_are_theirs_and_theirs_are_read()
    {
        Assert.Equal(Messages.Count, Vectors.GetProperty("messages").EnumerateObject().Count());
        foreach (var (name, message) in Messages)
        {
            var theirs = Convert.FromHexString(Vectors.GetProperty("messages").GetProperty(name).GetString()!);
            Assert.Equal((name, Convert.ToHexString(theirs)), (name, Convert.ToHexString(message.ToFrame().AsSpan(4))));
            Assert.Equal(ControlReadResult.Read, ControlMessage.TryRead(theirs, out var read));
            Assert.Equal(Convert.ToHexString(message.ToFrame()), Convert.ToHexString(read!.ToFrame()));
        }
    }

    [Fact]
    public void A_mark_of_ways_is_theirs()
    {
        var marks = Vectors.GetProperty("marks");
        Assert.Equal(marks[0].GetUInt64(), new DestinationRoutes(new(9), [], [new(4)], [new(300), new(6)]).Mark);
        Assert.Equal(marks[1].GetUInt64(), new DestinationRoutes(new(11), [[new(9)]]).Mark);
        Assert.Equal(marks[2].GetUInt64(), new DestinationRoutes(new RouteKey(new(9), RouteClass.Realtime), [[new(8)]]).Mark);
        Assert.Equal(0UL, new DestinationRoutes(new(11)).Mark);
    }

    [Fact]
    public void A_mark_of_a_record_is_theirs()
    {
        var record = new AccessRecord(AccessKind.Revocation, "shop/sub/änn", [.. "body"u8]);
        Assert.Equal(Vectors.GetProperty("accessMark").GetUInt64(), record.Mark);
        Assert.Equal(0UL, (record with { Body = [] }).Mark);
    }

    [Fact]
    public void A_token_is_theirs()
    {
        var token = new EnrolmentToken(0x0123_4567_89AB_CDEF, [.. Enumerable.Range(1, 16).Select(i => (byte)i)], Fingerprint.Of("authority"u8));
        Assert.Equal(Vectors.GetProperty("token").GetString(), token.Reveal());
    }

    private static JsonElement Load()
    {
        using var stream = typeof(ControlVectorTests).Assembly.GetManifestResourceStream("control.json")
            ?? throw new InvalidOperationException("control.json is not embedded: the project file lists it.");
        return JsonDocument.Parse(stream).RootElement;
    }
}
