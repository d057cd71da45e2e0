using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Tests.Transport;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Sealing;

/// <summary>Keys are replaced by how much they sealed as well as by their age: docs/wire-format.md, section 7.8. The true numbers take too long.</summary>
public sealed class SealingCountTests
{
    private const ulong Rekey = 100;
    private const ulong Refuse = 200;

    private readonly HashSet<(int From, uint Session, uint Number)> _sealed = [];
    private uint _highest;

    /// <summary>In time, so that nobody notices: no number reaches the bound, and nothing is opened too late.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void KeysAreReplacedWhenTheyHaveSealedSoMuch(bool isForth, bool isBack)
    {
        var net = Begin(1);
        var traffic = new StreamTraffic(net, 1) { MaxLength = 500 };
        List<StreamTraffic.Sending> flows = [];
        if (isForth)
            flows.Add(traffic.Open(0, 1, ServiceClass.Signal, 0, close: false));
        if (isBack)
            flows.Add(traffic.Open(1, 0, ServiceClass.Bulk, 0, close: false));
        for (var i = 0; i < 2_000; i++)
        {
            flows.ForEach(flow => flow.Messages++);
            net.RunFor(Duration.FromMilliseconds(20));
        }

        net.RunFor(Duration.FromSeconds(5), () => flows.TrueForAll(flow => flow.Confirmed == 2_000));
        Assert.All(flows, flow => Assert.Equal((2_000UL, null), (flow.Confirmed, flow.Broken)));
        Assert.All(net.Layers, layer => Assert.InRange(layer.Counters.SealingSessions, 2_000 / (long)Refuse, 2 * 2_000 / (long)Rekey));
        Assert.InRange(_highest, Rekey, Refuse - 2);
        Assert.All(net.Layers, layer => Assert.Equal(0, layer.Counters.Drops(TransportDrop.UnknownSeal) + layer.Counters.Drops(TransportDrop.SealReplayed)));
    }

    /// <summary>Where the handshake does not come through, nothing more is sealed than the bound, and everything goes on when it does.</summary>
    [Fact]
    public void NoKeySealsMoreThanItsBound()
    {
        var net = Begin(2);
        var (isCut, type) = (false, (byte)0);
        net.RouteFaults[0] = net.RouteFaults[TransportTransmit.NoRoute] = new PipeFaults { Loss = 1 };
        net.IsFaulty = (_, _) => isCut && type is SealingMessage.Initiation or SealingMessage.Response;
        var before = net.Sniffer!;
        net.Sniffer = (from, transmit, bytes) =>
        {
            type = bytes[0];
            before(from, transmit, bytes);
        };
        var traffic = new StreamTraffic(net, 2) { MaxLength = 500 };
        var flow = traffic.Open(0, 1, ServiceClass.Signal, 10, close: false);
        net.RunFor(Duration.FromSeconds(1), () => flow.Confirmed == 10);
        isCut = true;
        flow.Messages = 2_000;
        net.RunFor(Duration.FromSeconds(20));
        Assert.InRange(flow.Confirmed, 50UL, Refuse);
        Assert.Equal(Refuse - 1, _highest);
        isCut = false;
        net.RunFor(Duration.FromSeconds(60), () => flow.Confirmed == 2_000);
        Assert.Equal((2_000UL, null), (flow.Confirmed, flow.Broken));
        Assert.Equal(Refuse - 1, _highest);
    }

    [Fact]
    public void OnABadPathEveryMessageComesOnceThroughDozensOfKeys()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var net = Begin(seed);
            net.Pipe.Faults = PipeFaults.Random(net.Random);
            var traffic = new StreamTraffic(net, seed) { MaxLength = 500 };
            traffic.Open(0, 1, ServiceClass.Signal, 1_500);
            traffic.Open(1, 0, ServiceClass.Bulk, 1_500);
            net.RunFor(Duration.FromSeconds(600), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
            Assert.All(net.Layers, layer => Assert.InRange(layer.Counters.SealingSessions, 8, 200));
            Assert.InRange(_highest, 1u, Refuse - 1);
        }
    }

    /// <summary>Notes every number, and that none is sealed twice.</summary>
    private TransportNet Begin(ulong seed)
    {
        _sealed.Clear();
        return new TransportNet(seed, isSealed: true, sealingBounds: (Rekey, Refuse))
        {
            Sniffer = (from, _, bytes) =>
            {
                if (bytes[0] != SealedPacket.Type)
                    return;
                var session = BinaryPrimitives.ReadUInt32BigEndian(bytes) & (SealedPacket.SessionEnd - 1);
                var number = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4));
                _highest = Math.Max(_highest, number);
                Assert.True(_sealed.Add((from, session, number)), $"seed {seed}: number {number} of session {session} was sealed twice");
            },
        };
    }
}
