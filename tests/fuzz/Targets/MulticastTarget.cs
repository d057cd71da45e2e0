using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>
/// The transport of a node with multicast flows of its own and others': segments, repairs and confirmations, true and
/// false. Input: class, sender, and whether it came by multicast, in a byte, then a packet.
/// </summary>
internal sealed class MulticastTarget : FuzzTarget
{
    private const int InputsPerLife = 300;

    private static readonly TransportOptions Tight = new()
    {
        ReceiveMemory = 8 << 20,
        ReceiveMemoryPerOrigin = 4 << 20,
        JoinMemory = 4 << 20,
        SendMemory = 4 << 20,
        MaxInboundFlows = 300,
        MaxInboundFlowsPerOrigin = 200,
    };

    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];
    private readonly EdgeSet _edges = new();
    private readonly EdgeSet _one = new();
    private TransportLayer _layer = null!;
    private FlowHandle _signal;
    private FlowHandle _bulk;
    private MonoTime _now;
    private int _inputs;

    public override string Name => "multicast-packet";

    public override int Mutations => 20_000;

    public override IReadOnlyList<string> Places => ["confirmed", "contradiction", "received", "lost", "rejected"];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus() =>
        MulticastTraffic.Exchange()
            .GroupBy(packet => (packet.Class, packet.Bytes[0], packet.To.IsNone, packet.Bytes.Length / 10 % 5))
            .SelectMany(group => group.Take(2))
            .Select((packet, i) => ($"packet-{i:D2}", (byte[])[(byte)((int)packet.Class | 4 | (packet.To.IsNone ? 0x10 : 0)), .. packet.Bytes]));

    public override void Run(byte[] input)
    {
        if (_inputs++ % InputsPerLife == 0)
            Begin();
        if (input.Length == 0)
            return;
        _now += Duration.FromMilliseconds(3);
        if (_inputs % 4 == 0)
            _layer.SendMulticast(_now, _inputs % 8 == 0 ? _signal : _bulk, _inputs % 8 == 0 ? _edges : _one, new byte[_inputs % 64 == 0 ? 5_000 : 30], out _);
        var serviceClass = (ServiceClass)(input[0] & 3);
        var deadline = serviceClass == ServiceClass.Realtime ? _now + Duration.FromMilliseconds(50) : MonoTime.Never;
        var from = new NodeId((ushort)(1 + ((input[0] >> 2) & 3)));
        if ((input[0] & 0x10) != 0)
            _layer.HandleMulticastPacket(_now, from, serviceClass, deadline, (input[0] & 0x20) != 0, input.AsSpan(1));
        else
            _layer.HandlePacket(_now, from, serviceClass, deadline, (input[0] & 0x20) != 0, input.AsSpan(1));
        if (_layer.NextTimeout <= _now)
            _layer.HandleTimeout(_now);
        Drain();
        Require(_layer.ReceiveBytes <= Tight.ReceiveMemory && _layer.SendBytes <= Tight.SendMemory, "The transport holds too much.");
        Require(_layer.InboundCount <= Tight.MaxInboundFlows, $"There are {_layer.InboundCount} flows of others.");
        Reach("confirmed", _layer.Counters.MessagesConfirmed > 0);
        Reach("contradiction", _layer.Counters.Drops(TransportDrop.Contradiction) > 0);
        Reach("lost", _layer.Counters.DestinationsLost > 0);
    }

    private void Begin()
    {
        _layer = new TransportLayer(new BootEpoch(5), Tight);
        _now = MonoTime.FromSeconds(10);
        for (ushort node = 0; node < 4; node++)
        {
            _layer.SetEdge(node, new NodeId((ushort)(node + 1)), isSelf: node == 3);
            if (node < 3)
                _edges.Add(node);
        }

        _layer.OpenMulticast(ServiceClass.Signal, 0, out _signal);
        _layer.OpenMulticast(ServiceClass.Bulk, 0, out _bulk);
        _one.Add(1);
        _layer.SendMulticast(_now, _signal, _edges, new byte[9_000], out _);
        _layer.SendMulticast(_now, _bulk, _one, new byte[9_000], out _);
        Drain();
    }

    private void Drain()
    {
        var gate = ClassGate.AllOpen;
        var polls = 0;
        while (_layer.TryPollTransmit(_now, ref gate, _buffer, out var transmit, out _))
            Require(++polls < 5_000 && transmit.Targets is { } == transmit.Destination.IsNone, "The transport sends without end, or to nobody.");
        while (_inputs % 3 == 0 && _layer.TryReceive(_now, out var message))
        {
            Require(++polls < 50_000, "Messages come without end.");
            Reach("received", message.Flow.Number >= MulticastSegmentHeader.NumberBase);
        }

        while (_layer.TryPollEvent(out var happened))
        {
            Require(++polls < 50_000, "Events come without end.");
            Require(happened.Kind != TransportEventKind.FlowBroken, "A multicast flow broke.");
            Reach("rejected", happened.Reason == FlowEndReason.Rejected);
        }
    }
}
