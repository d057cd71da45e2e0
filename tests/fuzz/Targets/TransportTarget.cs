using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol.Transport;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>The transport of a node with flows of its own, and packets of any kind from three others. Input: class, origin and mark in a byte, then a packet.</summary>
internal sealed class TransportTarget : FuzzTarget
{
    private const int InputsPerLife = 250;

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
    private TransportLayer _layer = null!;
    private MonoTime _now;
    private int _inputs;

    public override string Name => "transport-packet";

    public override int Mutations => 20_000;

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus() =>
        Traffic.TransportExchange()
            .GroupBy(packet => (packet.Class, packet.Bytes[0], packet.Bytes.Length > 600))
            .SelectMany(group => group.Take(2))
            .Select((packet, i) => ($"packet-{i:D2}", (byte[])[(byte)((int)packet.Class | 4), .. packet.Bytes]));

    public override void Run(byte[] input)
    {
        if (_inputs++ % InputsPerLife == 0)
            Begin();
        if (input.Length == 0)
            return;
        _now += Duration.FromMilliseconds(3);
        var serviceClass = (ServiceClass)(input[0] & 3);
        var deadline = serviceClass == ServiceClass.Realtime ? _now + Duration.FromMilliseconds(50) : MonoTime.Never;
        _layer.HandlePacket(_now, new NodeId((ushort)(1 + ((input[0] >> 2) & 3))), serviceClass, deadline, (input[0] & 0x10) != 0, input.AsSpan(1));
        if (_layer.NextTimeout <= _now)
            _layer.HandleTimeout(_now);
        Drain();
        Require(_layer.ReceiveBytes <= Tight.ReceiveMemory && _layer.JoinBytes <= Tight.JoinMemory && _layer.SendBytes <= Tight.SendMemory, "The transport holds too much.");
        Require(_layer.InboundCount <= Tight.MaxInboundFlows, $"There are {_layer.InboundCount} flows of others.");
    }

    private void Begin()
    {
        _layer = new TransportLayer(new BootEpoch(5), Tight);
        _now = MonoTime.FromSeconds(10);
        _layer.OpenStream(new NodeId(2), ServiceClass.Signal, 0, 0, out var signal);
        _layer.OpenStream(new NodeId(2), ServiceClass.Bulk, 0, 0, out var bulk);
        for (var token = 0; token < 3; token++)
            _layer.SetRoute(new NodeId(2), token, [new((ushort)(30 + token)), new NodeId(2)]);
        _layer.OpenRealtime(new NodeId(2), 0, Duration.FromSeconds(1), out var realtime);
        _layer.OpenRealtime(new NodeId(2), 0, Duration.FromSeconds(1), out var doubled, paths: 2);
        foreach (var flow in (FlowHandle[])[signal, bulk, realtime, doubled])
            _layer.Send(_now, flow, new byte[9_000], out _);
        Drain();
    }

    private void Drain()
    {
        var gate = ClassGate.AllOpen;
        var polls = 0;
        while (_layer.TryPollTransmit(_now, ref gate, _buffer, out _, out _))
            Require(++polls < 5_000, "The transport sends without end.");
        while (_inputs % 3 == 0 && _layer.TryReceive(_now, out _))
            Require(++polls < 50_000, "Messages come without end.");
        while (_layer.TryPollEvent(out _))
            Require(++polls < 50_000, "Events come without end.");
    }
}
