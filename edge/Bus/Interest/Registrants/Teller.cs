using WeCan.Edge.Bus.Interest.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Registrants;

/// <summary>
/// Says to each home what it has to know: by a walk over the table of patterns where a home knows nothing yet, by each change where it does. A change
/// behind the walk is queued, one before it is met by the walk; the queue goes before the walk, so nothing is said in the wrong order.
/// </summary>
internal sealed class Teller(InterestShared shared, SubjectTree<LocalPattern?> patterns, Dictionary<byte[], LocalSpace> spaces)
{
    private const int NotWalking = -1;

    /// <summary>A session: all is told anew, and what is not is forgotten.</summary>
    public void Begin(Peer peer)
    {
        peer.Told.Cursor = NotWalking;
        peer.Told.IsCompleteDue = false;
        while (peer.Told.Dirty.TryDequeue(out var dirty))
            dirty.Link.IsDirty = false;
        if (!peer.IsKnown)
            return;
        new CountFrame(InterestKind.Begin, 0).Write(peer.Telling.Batch);
        peer.Told.Cursor = 0;
        Complete(peer);
    }

    /// <summary>A space that the peer had no part in. Where it knows all else there is nothing to walk for if the space is empty.</summary>
    public void Welcome(Peer peer, LocalSpace space, HomeLink link)
    {
        link.IsTold = peer.IsKnown && peer.Told.Cursor == NotWalking && space.Patterns == 0;
        if (link.IsTold || !peer.IsKnown || space.Patterns == 0)
            return;
        peer.Told.Cursor = 0;
        shared.MarkReady(peer);
    }

    public void Leave(Peer peer, LocalSpace space)
    {
        new VersionFrame { Kind = InterestKind.Leave, Space = space.Name, Version = shared.Views.Version }.Write(peer.Telling.Batch);
        shared.MarkReady(peer);
    }

    /// <summary>Tells for which membership all is told, when it is.</summary>
    public void Complete(Peer peer)
    {
        if (!peer.IsKnown)
            return;
        peer.Told.IsCompleteDue = true;
        shared.MarkReady(peer);
    }

    public void Changed(Peer peer, LocalSpace space, HomeLink link, ReadOnlySpan<byte> name, int entry, bool isAdded)
    {
        if (!peer.IsKnown || (!link.IsTold && entry >= peer.Told.Cursor))
            return;
        new NameFrame { Kind = isAdded ? InterestKind.Add : InterestKind.Remove, Name = name }.Write(peer.Telling.Batch);
        if (link.IsTold)
            MarkDirty(peer, space, link);
        shared.MarkReady(peer);
    }

    public int Tell(Peer peer, Span<byte> room)
    {
        var (queue, told, length) = (peer.Telling, peer.Told, 0);
        while (true)
        {
            length += queue.Take(room[length..]);
            if (!queue.IsEmpty)
                return length;
            if (told.Dirty.TryDequeue(out var dirty))
                TellVersion(queue, dirty.Space, dirty.Link);
            else if (told.Cursor >= 0)
            {
                if (!Walk(peer))
                    return length;
            }
            else if (told.IsCompleteDue)
            {
                told.IsCompleteDue = false;
                new CountFrame(InterestKind.Complete, shared.Views.Version).Write(queue.Batch);
            }
            else
            {
                return length;
            }
        }
    }

    private static void TellVersion(FrameQueue queue, LocalSpace space, HomeLink link)
    {
        link.IsDirty = false;
        new VersionFrame { Kind = InterestKind.Told, Space = space.Name, Version = space.Version }.Write(queue.Batch);
    }

    private static void MarkDirty(Peer peer, LocalSpace space, HomeLink link)
    {
        if (link.IsDirty)
            return;
        link.IsDirty = true;
        peer.Told.Dirty.Enqueue((space, link));
    }

    /// <summary>Queues the next pattern that the peer has to know; false when it has looked at enough for now.</summary>
    private bool Walk(Peer peer)
    {
        var told = peer.Told;
        Span<byte> name = stackalloc byte[SubjectLimits.MaxBytes];
        for (var looked = 0; told.Cursor < patterns.Limit; looked++)
        {
            if (looked == InterestLimits.WalkedPerMessage)
            {
                shared.HasMore = true;
                shared.Ready.Add(peer);
                return false;
            }

            var entry = told.Cursor++;
            if (patterns[entry] is not { } pattern || pattern.Space.LinkTo(peer.Id) is not { IsTold: false })
                continue;
            new NameFrame { Kind = InterestKind.Add, Name = name[..patterns.WritePattern(entry, name)] }.Write(peer.Telling.Batch);
            return true;
        }

        told.Cursor = NotWalking;
        foreach (var space in spaces.Values)
        {
            if (space.LinkTo(peer.Id) is not { IsTold: false } link)
                continue;
            link.IsTold = true;
            MarkDirty(peer, space, link);
        }

        return true;
    }
}
