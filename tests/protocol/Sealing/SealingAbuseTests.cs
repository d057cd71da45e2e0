using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Sealing;
using WeCan.Protocol.Tests.Transport;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Sealing;

/// <summary>docs/wire-format.md, section 7.8: what peers, strangers and applications may ask for, and what it costs.</summary>
public sealed class SealingAbuseTests : IDisposable
{
    private static readonly NodeId Self = new(1);
    private static readonly NodeId Other = new(2);

    private readonly DeterministicRandom _random = DeterministicRandom.FromNumber(7);
    private readonly P256KeyPair _key;
    private readonly P256KeyPair _otherKey;
    private readonly SealingLayer _sealing;
    private readonly SealingLayer _otherSealing;
    private readonly TransportLayer _layer;
    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];
    private MonoTime _now = MonoTime.FromSeconds(50);

    public SealingAbuseTests()
    {
        _key = P256KeyPair.Generate(_random);
        _otherKey = P256KeyPair.Generate(_random);
        _sealing = new SealingLayer(new NodeIdentity(_key, Self, new BootEpoch(3)), _random);
        _otherSealing = new SealingLayer(new NodeIdentity(_otherKey, Other, new BootEpoch(4)), _random);
        _layer = new TransportLayer(new BootEpoch(3), TransportOptions.Default, _sealing);
    }

    public void Dispose()
    {
        _sealing.Dispose();
        _otherSealing.Dispose();
        _key.Dispose();
        _otherKey.Dispose();
    }

    /// <summary>Its own peer, with the right keys, begins without end: it is answered so often, and no more is computed.</summary>
    [Fact]
    public void APeerThatBeginsWithoutEndIsHeldToItsShare()
    {
        _layer.RequireSealing(_now, Other, _otherKey.PublicKey);
        var answers = 0;
        for (var i = 0; i < 400; i++)
        {
            Take(Initiation(_otherSealing));
            answers += Sent(SealingMessage.Response);
            _now += Duration.FromMilliseconds(5);
        }

        Assert.InRange(answers, SealingLimits.HandshakesPerPeer, SealingLimits.HandshakesPerPeer + 4);
        Assert.Equal(400 - answers, _layer.Counters.Drops(TransportDrop.SealingBudget));
        Assert.Equal(0, _layer.Counters.SealingSessions);
    }

    [Fact]
    public void AllPeersTogetherAreHeldToWhatTheNodeComputes()
    {
        const int Peers = 60;
        var keys = Enumerable.Range(0, Peers).Select(_ => P256KeyPair.Generate(_random)).ToList();
        var layers = keys.Select((key, i) => new SealingLayer(new NodeIdentity(key, new NodeId((ushort)(100 + i)), new BootEpoch(1)), _random)).ToList();
        for (var i = 0; i < Peers; i++)
            _layer.RequireSealing(_now, new NodeId((ushort)(100 + i)), keys[i].PublicKey);
        var answers = 0;
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < Peers; i++)
                Take(Initiation(layers[i]), from: (ushort)(100 + i));
            answers += Sent(SealingMessage.Response);
        }

        Assert.InRange(_layer.Counters.Drops(TransportDrop.SealingBudget), (6 * Peers) - SealingLimits.HandshakesPerSecond, 6 * Peers);
        Assert.InRange(answers, Peers, SealingLimits.HandshakesPerSecond);
        layers.ForEach(layer => layer.Dispose());
        keys.ForEach(key => key.Dispose());
    }

    [Fact]
    public void WhoIsNotTheOwnerOfTheKeyIsNotAnswered()
    {
        using var strange = P256KeyPair.Generate(_random);
        using var stranger = new SealingLayer(new NodeIdentity(strange, Other, new BootEpoch(9)), _random);
        var initiation = Initiation(stranger);
        Take(initiation);
        Assert.Equal(1, Drops(TransportDrop.UnknownSeal) + Drops(TransportDrop.Malformed));
        _layer.RequireSealing(_now, Other, _otherKey.PublicKey);
        Take(initiation);
        Assert.Equal(1, Drops(TransportDrop.SealingRefused));
        Take(initiation, from: 77);
        Assert.Equal(1, Drops(TransportDrop.UnknownSeal));
        Assert.Equal(0, Sent());
        Assert.Equal(MonoTime.Never, _layer.NextTimeout);
    }

    /// <summary>A recorded initiation is answered, as its receiver has forgotten all, and changes nothing; the true one's comes through.</summary>
    [Fact]
    public void AnInitiationOfBeforeARestartChangesNothing()
    {
        var net = new TransportNet(3, isSealed: true);
        var recorded = new List<byte[]>();
        net.Sniffer = (from, _, bytes) =>
        {
            if (from == 0 && bytes[0] == SealingMessage.Initiation)
                recorded.Add(bytes);
        };
        var traffic = new StreamTraffic(net, 3);
        var flow = traffic.Open(0, 1, ServiceClass.Signal, 50, close: false);
        net.RunFor(Duration.FromSeconds(2), () => flow.Confirmed == 50);
        net.Restart(1);
        for (var i = 0; i < 20; i++)
            net.Layers[1].HandlePacket(net.Now, TransportNet.IdOf(0), ServiceClass.Control, MonoTime.Never, false, recorded[0]);
        net.FlushAll();
        Assert.Equal(0, net.Layers[1].Counters.SealingSessions);
        var again = traffic.Open(0, 1, ServiceClass.Signal, 50);
        net.RunFor(Duration.FromSeconds(10), () => again.IsOver);
        Assert.True(again is { IsOver: true, Broken: null }, $"{again.Broken}");
    }

    /// <summary>The other edge does not seal: what was to go there ends with a reason, and its sender is not left to guess.</summary>
    [Fact]
    public void FlowsToWhoNeverAnswersAreTold()
    {
        _layer.RequireSealing(_now, Other, _otherKey.PublicKey);
        _layer.OpenStream(Other, ServiceClass.Signal, 0, 0, out var waiting);
        _layer.OpenStream(Other, ServiceClass.Bulk, 0, 0, out var idle);
        _layer.OpenRealtime(Other, 0, Duration.FromMilliseconds(100), out var realtime);
        Assert.Equal(SendResult.Accepted, _layer.Send(_now, waiting, [1], out _));
        Assert.Equal(SendResult.Accepted, _layer.Send(_now, realtime, [1], out _));
        var started = _now;
        var packets = 0;
        var ended = new Dictionary<FlowHandle, FlowEndReason>();
        while (ended.Count < 2 && _now - started < Duration.FromSeconds(400))
        {
            packets += Sent();
            _now = MonoTime.Max(_now, _layer.NextTimeout);
            _layer.HandleTimeout(_now);
            while (_layer.TryPollEvent(out var happened))
                ended[happened.Flow] = happened.Reason;
        }

        Assert.Equal(FlowEndReason.NotSealed, ended[waiting]);
        Assert.Equal(FlowEndReason.NotSealed, ended[realtime]);
        Assert.Equal(TransportOptions.Default.UnreachableTimeout, _now - started);
        Assert.Equal(SendResult.Accepted, _layer.Send(_now, idle, [1], out _));
        Assert.InRange(packets, 55, 80);
    }

    /// <summary>
    /// Somebody seals in the other's name what nobody can open, before anybody wants to send, and while a first flow waits: each
    /// flow waits for its own time, and each such packet costs a few initiations at most.
    /// </summary>
    [Fact]
    public void WhatSomebodyForgesShortensNoFlowsPatience()
    {
        _layer.RequireSealing(_now, Other, _otherKey.PublicKey);
        var forged = new byte[SealedPacket.Overhead + 1];
        forged[0] = SealedPacket.Type;
        forged[1] = 9;
        Assert.Equal(SealingLimits.InitiationRepeats, Forge(forged));
        Assert.Equal(MonoTime.Never, _layer.NextTimeout);
        Assert.Equal(SealingLimits.InitiationRepeats, Forge(forged));
        Forge(forged, untilIdle: false);

        var started = _now;
        _layer.OpenStream(Other, ServiceClass.Signal, 0, 0, out var first);
        Assert.Equal(SendResult.Accepted, _layer.Send(_now, first, [1], out _));
        var endedAt = RunUntilEnded(stopAt: started + Duration.FromSeconds(200));
        _layer.OpenStream(Other, ServiceClass.Bulk, 0, 0, out var second);
        _layer.OpenRealtime(Other, 0, Duration.FromMilliseconds(100), out var realtime);
        Assert.Equal(SendResult.Accepted, _layer.Send(_now, second, [1], out _));
        Assert.Equal(SendResult.Accepted, _layer.Send(_now, realtime, [1], out _));
        foreach (var (flow, at) in RunUntilEnded(stopAt: started + Duration.FromSeconds(900)))
            endedAt.Add(flow, at);
        var patience = TransportOptions.Default.UnreachableTimeout;
        Assert.Equal(started + patience, endedAt[first]);
        Assert.Equal(started + Duration.FromSeconds(200) + patience, endedAt[second]);
        Assert.Equal(started + Duration.FromSeconds(200) + patience, endedAt[realtime]);
        Assert.Equal(MonoTime.Never, _layer.NextTimeout);
    }

    [Fact]
    public void AMulticastIsRefusedThatNamesAnEdgeThatRequiresSealing()
    {
        _layer.SetEdge(5, Other);
        _layer.SetEdge(6, new NodeId(3));
        _layer.SetEdge(7, Self, isSelf: true);
        _layer.OpenMulticast(ServiceClass.Signal, 0, out var flow);
        var both = new EdgeSet();
        both.Add(5);
        both.Add(6);
        var one = new EdgeSet();
        one.Add(6);
        Assert.Equal(SendResult.Accepted, _layer.SendMulticast(_now, flow, both, [1], out _));
        Assert.Equal(OpenResult.Opened, _layer.OpenRealtimeMulticast(both, 0, Duration.FromSeconds(1), out var realtime));
        _layer.RequireSealing(_now, Other, _otherKey.PublicKey);
        for (var i = 0; i < 2; i++)
        {
            Assert.True(_layer.TryPollEvent(out var lost));
            Assert.Equal((TransportEventKind.DestinationLost, Other, FlowEndReason.NotSealed), (lost.Kind, lost.Destination, lost.Reason));
        }

        Assert.Equal(SendResult.NeedsSealing, _layer.AddDestination(realtime, 5));
        Assert.Equal(OpenResult.NeedsSealing, _layer.OpenRealtimeMulticast(both, 0, Duration.FromSeconds(1), out _));
        Assert.Equal(SendResult.NeedsSealing, _layer.SendMulticast(_now, flow, both, [1], out _));
        Assert.Equal(SendResult.Accepted, _layer.SendMulticast(_now, flow, one, [1], out _));
        _layer.HandleMulticastPacket(_now, Other, ServiceClass.Signal, MonoTime.Never, false, new byte[30]);
        Assert.Equal(1, Drops(TransportDrop.Unsealed));
        _layer.HandleMulticastPacket(_now, new NodeId(3), ServiceClass.Signal, MonoTime.Never, false, new byte[30]);
        Assert.Equal(1, Drops(TransportDrop.Malformed));
        _layer.ReleaseSealing(Other);
        Assert.Equal(SendResult.Accepted, _layer.SendMulticast(_now, flow, both, [1], out _));
    }

    [Fact]
    public void WhoIsNoMemberAnyMoreGetsNothingInTheClearEither()
    {
        _layer.RequireSealing(_now, Other, _otherKey.PublicKey);
        _layer.Revoke(_now, Other);
        _layer.OpenStream(Other, ServiceClass.Signal, 0, 0, out var flow);
        _layer.Send(_now, flow, [1], out _);
        Take(Initiation(_otherSealing));
        Assert.Equal(1, Drops(TransportDrop.SealingRefused));
        Assert.Equal(0, Sent());
    }

    /// <summary>The same bytes with another name in the beginning lead to other keys: no message of a link's handshake begins a session, or the other way.</summary>
    [Theory]
    [InlineData(HandshakePurpose.Link, HandshakePurpose.Edges)]
    [InlineData(HandshakePurpose.Edges, HandshakePurpose.Link)]
    public void AHandshakeForOnePurposeServesNoOther(HandshakePurpose begun, HandshakePurpose answered)
    {
        using var initiator = new NodeInitiator(
            _otherSealing.Own, _key.PublicKey, new LinkId(9), counter: 1, _now, HandshakeCapabilities.Default with { Purpose = begun }, _random);
        var bytes = new byte[initiator.Length];
        initiator.Write(bytes);
        foreach (var purpose in (HandshakePurpose[])[answered, begun])
        {
            using var responder = new HandshakeResponder(_sealing.Own, HandshakeCapabilities.Default with { Purpose = purpose }, _random);
            var outcome = responder.ReadNode(bytes, new Arrival(NetAddress.None, _now, UnderLoad: false), [], out _, out var initiation);
            using (initiation)
                Assert.Equal(purpose == begun ? InitiationOutcome.Accepted : InitiationOutcome.NotAuthentic, outcome);
        }
    }

    private byte[] Initiation(SealingLayer from)
    {
        var peer = from.Add(Self, _key.PublicKey);
        Assert.False(peer.MaySeal(_now));
        Assert.True(peer.TryWrite(_now, _buffer, out var length));
        from.Remove(peer);
        return _buffer[..length];
    }

    /// <summary>How many initiations the layer sends for a packet of a session that there is not.</summary>
    private int Forge(byte[] packet, bool untilIdle = true)
    {
        _now += SealingLimits.PromptPause;
        _layer.HandlePacket(_now, Other, ServiceClass.Signal, MonoTime.Never, false, packet);
        var sent = Sent(SealingMessage.Initiation);
        while (untilIdle && !_layer.NextTimeout.IsNever)
        {
            _now = MonoTime.Max(_now, _layer.NextTimeout);
            _layer.HandleTimeout(_now);
            sent += Sent(SealingMessage.Initiation);
        }

        return sent;
    }

    private Dictionary<FlowHandle, MonoTime> RunUntilEnded(MonoTime stopAt)
    {
        var ended = new Dictionary<FlowHandle, MonoTime>();
        for (; _now < stopAt; _now = MonoTime.Min(stopAt, MonoTime.Max(_now, _layer.NextTimeout)))
        {
            _layer.HandleTimeout(_now);
            Sent();
            while (_layer.TryPollEvent(out var happened))
            {
                Assert.Equal((TransportEventKind.FlowBroken, FlowEndReason.NotSealed), (happened.Kind, happened.Reason));
                ended.Add(happened.Flow, _now);
            }
        }

        return ended;
    }

    private void Take(byte[] packet, ushort from = 2) =>
        _layer.HandlePacket(_now, new NodeId(from), ServiceClass.Control, MonoTime.Never, false, packet);

    private long Drops(TransportDrop reason) => _layer.Counters.Drops(reason);

    /// <summary>How many packets of a kind the layer sends now, or of any; none that is of flows.</summary>
    private int Sent(byte type = 0)
    {
        var gate = ClassGate.AllOpen;
        var sent = 0;
        while (_layer.TryPollTransmit(_now, ref gate, _buffer, out var transmit, out _))
        {
            Assert.True(transmit.Destination.IsNone || _buffer[0] >> 4 == 8);
            sent += type == 0 || _buffer[0] == type ? 1 : 0;
        }

        return sent;
    }
}
