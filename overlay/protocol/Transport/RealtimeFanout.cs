using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// To whom a Realtime flow to many goes: its audience, and the destinations of the message that is going out, which are the
/// audience as it was when the message began, so that nobody gets a part of a message. As a transmit item it sends the
/// flow's copies.
/// </summary>
internal sealed class RealtimeFanout(RealtimeMulticast flow, Lane lane, EdgeSet audience) : TransmitItem(lane)
{
    private readonly EdgeSet _now = new();
    private readonly EdgeSet _former = new();
    private uint? _message;
    private uint? _rejoinedAt;
    private bool _hasRejoined;
    private int _place;

    /// <summary>To whom the next message goes.</summary>
    public EdgeSet Audience { get; } = audience;

    public override bool WantsToSend => flow.HasQueued;

    /// <summary>Whether a copy of the flow's first packet has gone out.</summary>
    public bool HasBegunPacket { get; private set; }

    /// <summary>False when the audience would lie in too many sets.</summary>
    public bool TryAdd(ushort edge)
    {
        if (Audience.SetsWith(edge) > MulticastLimits.MaxSets)
            return false;
        _hasRejoined |= Audience.Add(edge) && _former.Contains(edge);
        return true;
    }

    public bool Remove(ushort edge)
    {
        _now.Remove(edge);
        if (!Audience.Remove(edge))
            return false;
        _former.Add(edge);
        return true;
    }

    /// <summary>Finds the next set that the first packet, of the message that begins with a sequence number, goes to; false when nobody is left.</summary>
    public bool TryBegin(uint message)
    {
        if (_message != message)
        {
            _message = message;
            _now.CopyFrom(Audience);
            _rejoinedAt = _hasRejoined ? message : _rejoinedAt;
            _hasRejoined = false;
        }

        return TryFindSet();
    }

    /// <summary>How long ago a destination that had been one before was taken in again, at the packet of a sequence number.</summary>
    public int AgeAt(uint sequence)
    {
        if (_rejoinedAt is not { } at)
            return AudienceAge.Long;
        var code = AudienceAge.CodeOf(sequence - at);
        _rejoinedAt = code == AudienceAge.Long ? null : at;
        return code;
    }

    /// <summary>Says whom the next copy is for; false when it is the packet's last.</summary>
    public bool TakeCopy(MulticastTargets targets)
    {
        targets.Fill(_now.SetNumber(_place), _now.Bits(_place));
        HasBegunPacket = true;
        _place++;
        return TryFindSet();
    }

    public void EndPacket()
    {
        HasBegunPacket = false;
        _place = 0;
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length) =>
        flow.TryTransmitCopy(now, buffer, out transmit, out length);

    public override void HandleTimeout(MonoTime now)
    {
    }

    private bool TryFindSet()
    {
        while (_place < _now.SetCount && _now.IsEmpty(_place))
            _place++;
        return _place < _now.SetCount;
    }
}
