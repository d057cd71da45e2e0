using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>What a destination keeps and cannot hand out without more: docs/wire-format.md, sections 7.2 and 7.6.</summary>
public sealed class AskAgainTests
{
    private static readonly NodeId OriginId = new(1);
    private static readonly NodeId DestinationId = new(2);
    private readonly TransportLayer _origin = new(new BootEpoch(20), TransportOptions.Default);
    private readonly TransportLayer _destination = new(new BootEpoch(50), TransportOptions.Default);
    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];
    private MonoTime _now = MonoTime.FromSeconds(100);
    private MonoTime _heardAt;

    /// <summary>A late opening packet of a flow that its origin has given up, and the origin's first answers are lost.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatNobodySendsTheRestOfIsLetGo(bool isMulticast)
    {
        Hand(isMulticast ? Multicast(4) : Stream(4, begins: true, ends: true));
        Assert.True(_destination.ReceiveBytes > 0);
        Assert.Equal([0], Exchange(Duration.FromSeconds(5), areAnswersLost: true));
        Assert.Equal([10_000, 20_000, 40_000], Exchange(Duration.FromSeconds(60), areAnswersLost: true));
        Assert.True(_destination.ReceiveBytes > 0);
        Assert.Equal([80_000], Exchange(Duration.FromSeconds(600), areAnswersLost: false));
        Assert.Equal((0, 0), (_destination.ReceiveBytes, _destination.InboundCount));
    }

    /// <summary>A message that was begun waits for its rest as well.</summary>
    [Fact]
    public void AMessageThatWasBegunIsLetGo()
    {
        Hand(Stream(0, begins: true, ends: false));
        Exchange(Duration.FromSeconds(5), areAnswersLost: true);
        Assert.True(_destination.ReceiveBytes > 0);
        Assert.Equal([10_000], Exchange(Duration.FromSeconds(600), areAnswersLost: false));
        Assert.Equal((0, 0), (_destination.ReceiveBytes, _destination.InboundCount));
    }

    /// <summary>A flow that misses nothing has nothing to ask, and one that hears more begins to wait anew.</summary>
    [Fact]
    public void WhoMissesNothingAsksNothing()
    {
        Hand(Stream(1, begins: true, ends: true));
        Exchange(Duration.FromSeconds(9), areAnswersLost: true);
        Hand(Stream(2, begins: true, ends: true));
        Exchange(Duration.FromSeconds(9), areAnswersLost: true);
        Hand(Stream(0, begins: true, ends: true));
        Exchange(Duration.FromSeconds(1), areAnswersLost: true);
        Assert.Empty(Exchange(TransportLimits.StreamIdle / 2, areAnswersLost: true));
    }

    private static MessagePart PartOf(bool begins, bool ends) => begins && !ends ? MessagePart.Of(0, 2, WireLimits.MaxSegment + 1) : MessagePart.Whole;

    private void Hand(byte[] packet)
    {
        _heardAt = _now;
        _destination.HandlePacket(_now, OriginId, ServiceClass.Signal, MonoTime.Never, false, packet);
        while (_destination.TryReceive(_now, out _))
        {
        }
    }

    /// <summary>Lets time pass; when, in milliseconds since something came, the destination told the origin what it has.</summary>
    private List<long> Exchange(Duration time, bool areAnswersLost)
    {
        var told = new List<long>();
        for (var end = _now + time; ; _now = _destination.NextTimeout)
        {
            _destination.HandleTimeout(_now);
            foreach (var packet in Drain(_destination))
            {
                if (packet[0] >> 4 is 2 or 6)
                    told.Add((_now - _heardAt).Nanoseconds / 1_000_000);
                _origin.HandlePacket(_now, DestinationId, ServiceClass.Control, MonoTime.Never, false, packet);
            }

            foreach (var answer in Drain(_origin))
            {
                if (!areAnswersLost)
                    _destination.HandlePacket(_now, OriginId, ServiceClass.Control, MonoTime.Never, false, answer);
            }

            while (_destination.TryPollEvent(out _))
            {
            }

            if (_destination.NextTimeout > end)
            {
                _now = end;
                return told;
            }
        }
    }

    private List<byte[]> Drain(TransportLayer layer)
    {
        var gate = ClassGate.AllOpen;
        var packets = new List<byte[]>();
        while (layer.TryPollTransmit(_now, ref gate, _buffer, out _, out var length))
            packets.Add(_buffer.AsSpan(0, length).ToArray());
        return packets;
    }

    private byte[] Stream(uint sequence, bool begins, bool ends)
    {
        var writer = new WireWriter(_buffer);
        new StreamHeader { OriginEpoch = new BootEpoch(20), Flow = 3, Sequence = sequence, Part = PartOf(begins, ends) }.Write(ref writer);
        writer.WriteBytes(new byte[ends ? 1 : WireLimits.MaxSegment]);
        return writer.Written.ToArray();
    }

    private byte[] Multicast(uint sequence)
    {
        var writer = new WireWriter(_buffer);
        new MulticastSegmentHeader { OriginEpoch = new BootEpoch(20), Flow = 3, Sequence = sequence, IsDirect = true, Part = MessagePart.Whole }.Write(ref writer);
        writer.WriteVarInt(MulticastSegmentHeader.ReachOf(sequence, sequence - 1, opens: true));
        writer.WriteByte(1);
        return writer.Written.ToArray();
    }
}
