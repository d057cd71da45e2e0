using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// The way out of a node whose uplink has a rate: looks at each link that something happened to, lets the <see cref="Shaper"/>
/// say whose turn it is, and polls that one. A link that waits for its turn wakes for its other timeouts only; one
/// that could send nothing stands in no line and costs nothing.
/// </summary>
internal sealed class Uplink(NodeShared shared, Connector connector, ClientDesk desk, Bandwidth rate)
{
    private readonly Shaper _shaper = new() { Rate = rate };
    private readonly ShaperTicket _handshakes = new();

    public bool IsShaped => _shaper.IsOn;

    public MonoTime NextTimeout => _shaper.NextTimeout;

    public void SetRate(Bandwidth rate)
    {
        _shaper.Rate = rate;
        while (!_shaper.IsOn && _shaper.TryDismiss(out var ticket))
        {
            // Links that are gone may stand in a line still.
            if (ticket.Slot is { Link.IsDead: false } slot)
                shared.Schedule.MarkReady(slot);
        }
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        while (shared.Schedule.TryPeekReady(out var slot))
        {
            shared.Schedule.TakeReady();
            Look(now, slot);
        }

        _shaper.Update(now, _handshakes, shared.Outbox.IsEmpty ? Urgency.None : Urgency.Signal);
        while (_shaper.TryNext(now, out var ticket, out var turn))
        {
            if (TryTake(now, ticket, turn, buffer, out to, out length))
            {
                _shaper.OnSent(now, ticket, length + (to.IsIPv4 ? WireLimits.IPv4Overhead : WireLimits.IPv6Overhead));
                return true;
            }
        }

        (to, length) = (NetAddress.None, 0);
        return false;
    }

    private void Look(MonoTime now, LinkSlot slot)
    {
        Update(now, slot, slot.Link.Wants(now));
        if (slot.Link.IsDead)
            connector.OnLinkDead(now, slot);
        desk.OnPolled(slot);
    }

    private bool TryTake(MonoTime now, ShaperTicket ticket, Urgency turn, Span<byte> buffer, out NetAddress to, out int length)
    {
        if (ticket.Slot is not { } slot)
            return shared.Outbox.TryTake(buffer, out to, out length);
        to = slot.Link.PeerAddress;
        if (turn != Urgency.Vital)
            slot.Link.OnTurn(now, ticket.WaitsSince(turn));
        if (!slot.Link.TryPollTransmit(now, buffer, out length, turn))
        {
            Update(now, slot, ticket.Wants & ~turn);
            return false;
        }

        shared.Schedule.MarkReady(slot);
        return true;
    }

    private void Update(MonoTime now, LinkSlot slot, Urgency wants)
    {
        _shaper.Update(now, slot.Ticket, wants);
        shared.Schedule.WakeAt(slot, slot.NextTimeout(now, inLine: wants != Urgency.None));
    }
}
