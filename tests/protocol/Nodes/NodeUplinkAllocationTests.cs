using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>Packets that share a shaped uplink take nothing from the heap, from the message to the delivery.</summary>
[Collection(Alone.Name)]
public sealed class NodeUplinkAllocationTests : IDisposable
{
    private const int Nodes = 4;
    private const int Turns = 2_000;

    /// <summary>For all turns together: a ring that grows, but not one byte a datagram.</summary>
    private const long Slack = Turns;

    private readonly P256KeyPair[] _keys = [.. Enumerable.Range(0, Nodes).Select(i => P256KeyPair.Generate(DeterministicRandom.FromNumber((ulong)i)))];
    private readonly Node[] _nodes;
    private readonly FlowHandle[] _flows = new FlowHandle[Nodes];
    private readonly byte[][] _buffers = [.. Enumerable.Range(0, Nodes).Select(_ => new byte[WireLimits.FullDatagram])];
    private readonly byte[] _message = new byte[1_100];
    private MonoTime _now = MonoTime.FromSeconds(1);
    private long _delivered;

    public NodeUplinkAllocationTests() => _nodes = [.. Enumerable.Range(0, Nodes).Select(Make)];

    [Fact]
    public void A_packet_in_line_for_the_uplink_allocates_nothing()
    {
        for (var peer = 1; peer < Nodes; peer++)
        {
            Assert.True(_nodes[0].TryAddPeer(_now, IdOf(peer), _keys[peer].PublicKey, AddressOf(peer)));
            Assert.True(_nodes[peer].TryAddPeer(_now, IdOf(0), _keys[0].PublicKey, NetAddress.None));
            Assert.Equal(OpenResult.Opened, _nodes[0].OpenStream(IdOf(peer), peer == 1 ? ServiceClass.Signal : ServiceClass.Bulk, 0, out _flows[peer]));
        }

        Run(Turns * 4);
        var allocated = long.MaxValue;

        // Compiling a method anew allocates on the thread that waits for it; a packet that allocates does so every time.
        for (var attempt = 0; attempt < 4 && allocated > Slack; attempt++)
        {
            var (before, delivered) = (GC.GetAllocatedBytesForCurrentThread(), _delivered);
            Run(Turns);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(_delivered - delivered > Turns, $"{_delivered - delivered} messages came");
        }

        Assert.InRange(allocated, 0, Slack);

        // Those with Bulk stood in line all the time.
        Assert.All(_nodes[0].InspectLinks().Where(link => link.Peer != IdOf(1)), link => Assert.True(link.Counters.TurnsLate > Turns / 10));
    }

    public void Dispose()
    {
        foreach (var node in _nodes)
            node.Dispose();
        foreach (var key in _keys)
            key.Dispose();
    }

    private static NodeId IdOf(int index) => new((ushort)(index + 1));

    private static NetAddress AddressOf(int index) => NetAddress.FromIPv4(0x0A00_0000u + (uint)index, 4_600);

    private Node Make(int index) => new(
        new NodeOptions { Id = IdOf(index), Epoch = new(1), Key = _keys[index], UplinkRate = index == 0 ? Bandwidth.FromMegabitsPerSecond(20) : Bandwidth.Zero },
        DeterministicRandom.FromNumber(500 + (ulong)index));

    /// <summary>Turns of a millisecond each, in which messages are sent to every peer and all datagrams arrive.</summary>
    private void Run(int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            for (var peer = 1; peer < Nodes; peer++)
                _nodes[0].Send(_now, _flows[peer], _message, out _);
            for (var index = 0; index < Nodes; index++)
                Carry(index);
            _now += Duration.FromMilliseconds(1);
            foreach (var node in _nodes)
                node.HandleTimeout(_now);
        }
    }

    private void Carry(int index)
    {
        var node = _nodes[index];
        while (node.TryPollTransmit(_now, _buffers[index], out var to, out var length))
        {
            var peer = (int)(to.Low & 0xFFFF);
            _nodes[peer].HandleDatagram(_now, AddressOf(index), _buffers[index].AsSpan(0, length));
            while (_nodes[peer].TryReceive(_now, out _))
                _delivered++;
        }

        while (node.TryPollTransportEvent(out _) || node.TryPollEvent(out _))
        {
        }
    }
}
