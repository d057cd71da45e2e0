using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Clients;

/// <summary>
/// The places of an edge's clients: who stands at which, and which rest. A place that has rested, and of whose flows all has been
/// told, goes to the next client; a new one is taken only where none has.
/// </summary>
internal sealed class ClientPlaces(TransportLayer transport)
{
    private readonly Queue<(ClientPlace Place, MonoTime Until)> _resting = new();
    private readonly Stack<ClientPlace> _unused = new();
    private LinkSlot?[] _slots = new LinkSlot?[16];
    private int _highest;

    public bool TryTake(MonoTime now, out ClientPlace place)
    {
        if (_unused.TryPop(out place))
            return true;
        if (_resting.TryPeek(out var first) && first.Until <= now)
        {
            _resting.Dequeue();
            if (transport.TryForget(first.Place.AsNode))
            {
                place = first.Place;
                return true;
            }

            Rest(now, first.Place);
        }

        if (_highest == ClientLimits.MaxClients)
            return false;
        place = new((ushort)++_highest);
        return true;
    }

    /// <summary>The client at a place, while its link stands.</summary>
    public bool TryFind(ClientPlace place, out LinkSlot slot)
    {
        slot = place.Value < _slots.Length ? _slots[place.Value]! : null!;
        return slot is not null;
    }

    public void Seat(LinkSlot slot)
    {
        if (slot.Place.Value >= _slots.Length)
            Array.Resize(ref _slots, Math.Max(_slots.Length * 2, slot.Place.Value + 1));
        _slots[slot.Place.Value] = slot;
    }

    public void Unseat(LinkSlot slot) => _slots[slot.Place.Value] = null;

    /// <summary>It was taken, and nobody has come.</summary>
    public void Return(ClientPlace place) => _unused.Push(place);

    /// <summary>Nobody is there any more; others may be after a while.</summary>
    public void Rest(MonoTime now, ClientPlace place) => _resting.Enqueue((place, now + ClientLimits.PlaceRest));
}
