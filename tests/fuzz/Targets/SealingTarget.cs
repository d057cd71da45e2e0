using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>
/// A transport that requires sealing of a peer, and whatever comes in that peer's name: anybody's bytes, packets that the peer
/// itself has sealed, and handshakes under its mac. Input: class and how it comes in a byte, then a packet.
/// </summary>
internal sealed class SealingTarget : FuzzTarget
{
    private const int InputsPerLife = 250;
    private const byte SealedByPeer = 0x04;
    private const byte UnderPeersMac = 0x08;

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
    private readonly byte[] _packet = new byte[4_096];
    private SealedEnds? _ends;
    private MonoTime _now;
    private int _inputs;
    private int _initiations;

    public override string Name => "sealing";

    public override int Mutations => 20_000;

    public override IReadOnlyList<string> Places => ["opened", "broken", "unknown", "unsealed", "refused", "malformed-inside", "received", "answered", "over-budget"];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus()
    {
        var inside = Traffic.TransportExchange()
            .GroupBy(packet => (packet.Class, packet.Bytes[0], packet.Bytes.Length > 600))
            .Select(group => group.First())
            .Select((packet, i) => ($"inside-{i:D2}", (byte[])[(byte)((int)packet.Class | SealedByPeer), .. packet.Bytes]));
        var outside = Said().SelectMany((packet, i) => new (string, byte[])[]
        {
            ($"outside-{i:D2}", [0, .. packet]),
            ($"mac-{i:D2}", [UnderPeersMac, .. packet]),
        });
        return inside.Concat(outside);
    }

    public override void Run(byte[] input)
    {
        if (_inputs++ % InputsPerLife == 0)
            Begin();
        if (input.Length == 0)
            return;
        _now += Duration.FromMilliseconds(3);
        var layer = _ends!.Layer;
        var serviceClass = (ServiceClass)(input[0] & 3);
        var deadline = serviceClass == ServiceClass.Realtime ? _now + Duration.FromMilliseconds(50) : MonoTime.Never;
        var (drops, opened) = (Drops(), layer.Counters.PacketsOpened);
        var packet = Prepare(input[0], serviceClass, input.AsSpan(1));
        layer.HandlePacket(_now, SealedEnds.Other, serviceClass, deadline, marked: false, packet);
        Require(
            layer.Counters.PacketsOpened > opened || Drops() > drops || (packet.Length > 0 && packet[0] is SealingMessage.Initiation or SealingMessage.Response),
            "A packet came to nothing, and was not counted.");
        Note(layer.Counters, layer.Counters.PacketsOpened > opened && Drops() > drops);
        if (layer.NextTimeout <= _now)
            layer.HandleTimeout(_now);
        Drain();
        Require(layer.ReceiveBytes <= Tight.ReceiveMemory && layer.JoinBytes <= Tight.JoinMemory && layer.SendBytes <= Tight.SendMemory, "The transport holds too much.");
        Require(layer.InboundCount <= Tight.MaxInboundFlows, $"There are {layer.InboundCount} flows of others.");
        Require(layer.Counters.SealingSessions <= 1 + _initiations, "A session came from nothing.");
    }

    public override void Dispose() => _ends?.Dispose();

    private static IReadOnlyList<byte[]> Said()
    {
        using var ends = new SealedEnds(2, TransportOptions.Default);
        ends.Layer.OpenStream(SealedEnds.Other, ServiceClass.Signal, 0, 0, out var flow);
        ends.Layer.Send(SealedEnds.Start, flow, new byte[100], out _);
        List<byte[]> said = [.. ends.Meet()];

        // What the peer itself would begin with.
        using var others = new SealedEnds(2, TransportOptions.Default);
        var buffer = new byte[TransportLimits.MaxTransmit];
        others.Peer.MaySeal(SealedEnds.Start);
        others.Peer.TryWrite(SealedEnds.Start, buffer, out var length);
        return [.. said, buffer[..length]];
    }

    private void Begin()
    {
        _ends?.Dispose();
        _ends = new SealedEnds(2, Tight);
        _now = SealedEnds.Start;
        _initiations = 0;
        _ends.Layer.OpenStream(SealedEnds.Other, ServiceClass.Signal, 0, 0, out var signal);
        _ends.Layer.OpenStream(SealedEnds.Other, ServiceClass.Bulk, 0, 0, out var bulk);
        _ends.Layer.SetRoute(SealedEnds.Other, 0, [new(30), SealedEnds.Other]);
        _ends.Layer.OpenRealtime(SealedEnds.Other, 0, Duration.FromSeconds(1), out var realtime);
        foreach (var flow in (FlowHandle[])[signal, bulk, realtime])
            _ends.Layer.Send(_now, flow, new byte[9_000], out _);
        _ends.Meet();
        Require(_ends.Peer.MaySeal(_now) && _ends.Layer.Counters.SealingSessions == 1, "The two ends have no session.");
    }

    /// <summary>The packet as it comes: as it is, or made authentic by the peer.</summary>
    private ReadOnlySpan<byte> Prepare(byte how, ServiceClass serviceClass, Span<byte> bytes)
    {
        if ((how & SealedByPeer) != 0 && _ends!.Peer.MaySeal(_now))
        {
            bytes = bytes[..Math.Min(bytes.Length, WireLimits.MaxPathPacket - SealedPacket.Overhead)];
            return _packet.AsSpan(0, _ends.Peer.Seal(_now, serviceClass, bytes, _packet));
        }

        if ((how & UnderPeersMac) != 0 && SealingMessage.TryRead(bytes, out var message))
        {
            // Each is new, as its counter grows, so that every one comes to the dear part.
            SealingMessage.WriteHeader(bytes, bytes[0], message.Epoch, (ulong)++_initiations);
            _ends!.Mac.Write(SealedEnds.Other, SealedEnds.Self, bytes);
        }

        return bytes;
    }

    private long Drops() => Enum.GetValues<TransportDrop>().Sum(_ends!.Layer.Counters.Drops);

    private void Note(TransportCounters counters, bool isBadInside)
    {
        Reach("opened", counters.PacketsOpened > 2);
        Reach("broken", counters.Drops(TransportDrop.SealBroken) > 0);
        Reach("unknown", counters.Drops(TransportDrop.UnknownSeal) > 0);
        Reach("unsealed", counters.Drops(TransportDrop.Unsealed) > 0);
        Reach("refused", counters.Drops(TransportDrop.SealingRefused) > 0);
        Reach("over-budget", counters.Drops(TransportDrop.SealingBudget) > 0);
        Reach("malformed-inside", isBadInside && counters.Drops(TransportDrop.Malformed) > 0);
    }

    private void Drain()
    {
        var layer = _ends!.Layer;
        var gate = ClassGate.AllOpen;
        var polls = 0;
        while (layer.TryPollTransmit(_now, ref gate, _buffer, out _, out _))
        {
            Require(++polls < 5_000, "The transport sends without end.");
            Require(_buffer[0] >> 4 == SealedPacket.Type >> 4, "A packet went in the clear.");
            Reach("answered", _buffer[0] == SealingMessage.Response);
        }

        while (_inputs % 3 == 0 && layer.TryReceive(_now, out _))
        {
            Reach("received", true);
            Require(++polls < 50_000, "Messages come without end.");
        }

        while (layer.TryPollEvent(out _))
            Require(++polls < 50_000, "Events come without end.");
    }
}
