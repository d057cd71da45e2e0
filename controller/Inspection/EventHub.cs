using System.Threading.Channels;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Inspection;

namespace WeCan.Controller.Inspection;

/// <summary>
/// The last events, and who follows them. Written by the loop, followed from any thread. A follower that is too slow is cut off, and
/// comes back with the number of the last event that it saw.
/// </summary>
internal sealed class EventHub(UnixTime start)
{
    private readonly Lock _changing = new();
    private readonly Queue<EventEntry> _kept = [];
    private readonly HashSet<Channel<EventEntry>> _followers = [];

    // A later run has higher numbers than any before it.
    private long _lastId = start.Seconds * 10_000;

    public bool IsFollowed
    {
        get
        {
            lock (_changing)
                return _followers.Count > 0;
        }
    }

    public void Tell(UnixTime now, string kind, string text, params IReadOnlyList<NodeId> nodes)
    {
        lock (_changing)
        {
            var entry = new EventEntry(++_lastId, now.ToDateTimeOffset(), kind, text, [.. nodes.Select(node => (int)node.Value)]);
            _kept.Enqueue(entry);
            if (_kept.Count > InspectionLimits.EventsKept)
                _kept.Dequeue();
            foreach (var follower in _followers.Where(follower => !follower.Writer.TryWrite(entry)).ToList())
            {
                _followers.Remove(follower);
                follower.Writer.TryComplete();
            }
        }
    }

    /// <summary>Follows what happens from now on, or after an event that was seen; null where too many follow already.</summary>
    public ChannelReader<EventEntry>? Follow(UnixTime now, long? after, out Action leave)
    {
        var channel = Channel.CreateBounded<EventEntry>(InspectionLimits.EventsWaiting + InspectionLimits.EventsKept);
        lock (_changing)
        {
            leave = () => Leave(channel);
            if (_followers.Count >= InspectionLimits.Streams)
                return null;
            if (after is { } seen && seen != _lastId)
            {
                if (seen > _lastId || !_kept.TryPeek(out var oldest) || oldest.Id > seen + 1)
                    channel.Writer.TryWrite(new(_lastId, now.ToDateTimeOffset(), "gap", "Events were missed that are not kept any more: ask for the whole anew.", []));
                foreach (var entry in _kept.Where(entry => entry.Id > seen && seen <= _lastId))
                    channel.Writer.TryWrite(entry);
            }

            _followers.Add(channel);
        }

        return channel.Reader;
    }

    private void Leave(Channel<EventEntry> channel)
    {
        lock (_changing)
            _followers.Remove(channel);
    }
}
