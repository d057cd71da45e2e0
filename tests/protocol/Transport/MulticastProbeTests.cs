using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>What a silent destination is asked with is what it was sent: an answer to more would contradict what its origin knows.</summary>
public sealed class MulticastProbeTests
{
    private const int Whole = 40;
    private const ushort NearEdge = 0;
    private const ushort FarEdge = 256;
    private static readonly NodeId OriginId = new(1);
    private static readonly NodeId[] Destinations = [new(2), new(3)];

    private readonly TransportLayer _origin = new(new BootEpoch(20), TransportOptions.Default);
    private readonly TransportLayer[] _layers = [new(new BootEpoch(50), TransportOptions.Default), new(new BootEpoch(60), TransportOptions.Default)];
    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];
    private MonoTime _now = MonoTime.FromSeconds(100);
    private bool _reachesFar;

    /// <summary>
    /// The edges lie in two sets, and the copy of a segment for the second is still to be written when that one's silence makes it
    /// leave the multicast, with more on the way than its window then holds.
    /// </summary>
    [Fact]
    public void WhoLeavesBeforeItsCopyIsWrittenIsNotAskedForIt()
    {
        _origin.SetEdge(NearEdge, Destinations[0]);
        _origin.SetEdge(FarEdge, Destinations[1]);
        _layers[0].SetEdge(NearEdge, Destinations[0], isSelf: true);
        _layers[1].SetEdge(FarEdge, Destinations[1], isSelf: true);
        var both = new EdgeSet();
        both.Add(NearEdge);
        both.Add(FarEdge);
        _origin.OpenMulticast(ServiceClass.Signal, 0, out var flow);
        for (var i = 0; i < Whole; i++)
            Assert.Equal(SendResult.Accepted, _origin.SendMulticast(_now, flow, both, [(byte)i], out _));
        Carry(int.MaxValue);
        Assert.Equal(SendResult.Accepted, _origin.SendMulticast(_now, flow, both, [Whole], out _));
        Carry(1);
        while (_origin.Counters.MulticastLeaves == 0)
            Pass(packets: 0);
        _reachesFar = true;
        Carry(int.MaxValue);
        var end = _now + Duration.FromSeconds(10);
        while (_now < end && _origin.Counters.MessagesConfirmed <= Whole)
            Pass(int.MaxValue);

        Assert.Equal(0, _origin.Counters.Drops(TransportDrop.Contradiction));
        Assert.Equal(Whole + 1, _origin.Counters.MessagesConfirmed);
    }

    private void Pass(int packets)
    {
        var next = _origin.NextTimeout;
        foreach (var layer in _layers)
            next = MonoTime.Min(next, layer.NextTimeout);
        _now = MonoTime.Max(_now, next);
        _origin.HandleTimeout(_now);
        foreach (var layer in _layers)
            layer.HandleTimeout(_now);
        Carry(packets);
    }

    /// <summary>So many packets go out of the origin, and what answers them back.</summary>
    private void Carry(int packets)
    {
        var gate = ClassGate.AllOpen;
        for (; packets > 0 && _origin.TryPollTransmit(_now, ref gate, _buffer, out var transmit, out var length); packets--)
        {
            var place = transmit.Targets?.Set ?? transmit.Destination.Value - Destinations[0].Value;
            if (place == 1 && !_reachesFar)
                continue;
            if (transmit.Targets is null)
                _layers[place].HandlePacket(_now, OriginId, transmit.Class, transmit.Deadline, false, _buffer.AsSpan(0, length));
            else
                _layers[place].HandleMulticastPacket(_now, OriginId, transmit.Class, transmit.Deadline, false, _buffer.AsSpan(0, length));
        }

        for (var place = 0; place < _layers.Length; place++)
        {
            while (_layers[place].TryReceive(_now, out _))
            {
            }

            while (_layers[place].TryPollTransmit(_now, ref gate, _buffer, out var transmit, out var length))
                _origin.HandlePacket(_now, Destinations[place], transmit.Class, transmit.Deadline, false, _buffer.AsSpan(0, length));
        }
    }
}
