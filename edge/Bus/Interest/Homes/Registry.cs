using WeCan.Contracts;
using WeCan.Edge.Bus.Interest.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>
/// Which edges have subscribers of which patterns, as they told this home, whether it takes itself for one or not: another may know a newer
/// membership. Each registrant's word counts until it takes it back, begins anew and does not repeat it, or is no member any more.
/// </summary>
internal sealed class Registry(InterestShared shared, HomeSpaces spaces, SubjectTree<Registration> tree, SliceBook slices)
{
    private readonly List<Share> _shares = [];
    private readonly List<Share> _leaving = [];

    public void Add(Registrar registrar, ReadOnlySpan<byte> pattern)
    {
        if (registrar.Patterns >= InterestLimits.MaxPatterns || registrar.Shares.Count >= InterestLimits.MaxSpaces)
        {
            registrar.IsRefused = true;
            shared.Counters.Refused++;
            return;
        }

        var share = ShareOf(registrar, SubjectRules.SpaceOf(pattern));
        var batch = share.Open ??= new(share);
        var entry = Find(pattern, registrar.Edge);
        if (entry >= 0)
        {
            tree[entry].Mark = registrar.Mark;
            slices.Repeat(pattern, registrar.Edge, batch);
            return;
        }

        entry = tree.Add(pattern, new() { Edge = registrar.Edge, Mark = registrar.Mark, Previous = Share.None, Next = share.Head }, out _);
        if (share.Head != Share.None)
            tree[share.Head].Previous = entry;
        share.Head = entry;
        share.Count++;
        registrar.Patterns++;
        slices.Change(pattern, registrar.Edge, isAdded: true, batch);
    }

    public void Remove(Registrar registrar, ReadOnlySpan<byte> pattern)
    {
        var entry = Find(pattern, registrar.Edge);
        if (entry < 0 || spaces.Find(SubjectRules.SpaceOf(pattern)) is not { } space)
            return;
        var share = registrar.Shares[space];
        Remove(share, entry, pattern);
        DropIfEmpty(share);
    }

    /// <summary>
    /// What the registrant has told of a space goes when this edge has the membership by which it is no home of it: until then others take it for
    /// one, and publish by its word. If it is one again by a still newer one, it waits until the registrant has that too and has told all anew.
    /// </summary>
    public void Leave(Registrar registrar, ReadOnlySpan<byte> name, ulong membership)
    {
        if (spaces.Find(name) is not { } space || !registrar.Shares.TryGetValue(space, out var share))
            return;
        share.LeavesWith = membership;
        share.LeftAt = ++registrar.Mark;
        share.Told.Clear();
        share.Open = null;
        _leaving.Add(share);
        Adopt();
    }

    public void Adopt()
    {
        for (var index = _leaving.Count - 1; index >= 0; index--)
        {
            var share = _leaving[index];
            if (share.LeavesWith > shared.Views.Version || (share.Space.IsMine && shared.Find(share.Registrar.Edge)?.Complete < shared.Views.Version))
                continue;
            _leaving.RemoveAt(index);
            share.LeavesWith = 0;
            Sweep(share, share.LeftAt);
            DropIfEmpty(share);
        }
    }

    /// <summary>What the registrant has told goes with its next <see cref="Complete"/>, unless it is told again until then.</summary>
    public static void Begin(Registrar registrar)
    {
        registrar.BegunAt = ++registrar.Mark;
        registrar.IsRefused = false;
        registrar.Due.Clear();
        foreach (var share in registrar.Shares.Values)
        {
            share.Told.Clear();
            share.Open = null;
            share.IsDue = false;
        }
    }

    public void Complete(Registrar registrar)
    {
        if (registrar.BegunAt == 0)
            return;
        Sweep(registrar);
        registrar.BegunAt = 0;
    }

    public void RemoveAll(Registrar registrar)
    {
        Begin(registrar);
        Sweep(registrar);
    }

    public void Told(Registrar registrar, ReadOnlySpan<byte> name, ulong version)
    {
        if (version == 0 || spaces.Find(name) is not { } space || !registrar.Shares.TryGetValue(space, out var share))
            return;
        var batch = share.Open ??= new(share);
        batch.Version = version;
        Close(share);
        Confirm(share);
    }

    /// <summary>Finds out which versions every follower reckons with.</summary>
    public void Confirm(Share share)
    {
        if (!share.Space.IsMine || !share.Space.IsSettled || share.Registrar.IsRefused)
            return;
        while (share.Told.TryPeek(out var batch) && batch.Outstanding == 0)
        {
            share.Told.Dequeue();
            share.Confirmed = batch.Version;
            Close(share);
            if (share.IsDue)
                continue;
            share.IsDue = true;
            share.Registrar.Due.Enqueue(share);
        }

        if (share.IsDue && shared.Find(share.Registrar.Edge) is { } peer)
            shared.MarkReady(peer);
    }

    /// <summary>The next version that the registrant has to be told of.</summary>
    public bool TryTakeDue(Registrar registrar, out Share share)
    {
        if (!registrar.Due.TryDequeue(out share!))
            return false;
        share.IsDue = false;
        DropIfEmpty(share);
        return true;
    }

    /// <summary>A told batch waits its turn; beyond the bound the latest grows on.</summary>
    private static void Close(Share share)
    {
        if (share.Open is not { Version: > 0 } batch || share.Told.Count >= InterestLimits.MaxUnconfirmed)
            return;
        share.Told.Enqueue(batch);
        share.Open = null;
    }

    private Share ShareOf(Registrar registrar, ReadOnlySpan<byte> name)
    {
        var space = spaces.Get(name);
        if (registrar.Shares.TryGetValue(space, out var share))
            return share;
        share = new(space, registrar);
        registrar.Shares.Add(space, share);
        space.Shares.Add(share);
        return share;
    }

    private int Find(ReadOnlySpan<byte> pattern, NodeId edge)
    {
        var entry = tree.Find(pattern);
        while (entry >= 0 && tree[entry].Edge != edge)
            entry = tree.NextOf(entry);
        return entry;
    }

    private void Sweep(Registrar registrar)
    {
        _shares.Clear();
        _shares.AddRange(registrar.Shares.Values);
        foreach (var share in _shares)
        {
            Sweep(share, registrar.BegunAt);
            DropIfEmpty(share);
        }
    }

    /// <summary>Removes what was told before a mark.</summary>
    private void Sweep(Share share, uint before)
    {
        Span<byte> pattern = stackalloc byte[SubjectLimits.MaxBytes];
        for (var entry = share.Head; entry != Share.None;)
        {
            var next = tree[entry].Next;
            if (tree[entry].Mark < before)
                Remove(share, entry, pattern[..tree.WritePattern(entry, pattern)]);
            entry = next;
        }
    }

    private void Remove(Share share, int entry, ReadOnlySpan<byte> pattern)
    {
        var removed = tree[entry];
        if (removed.Previous != Share.None)
            tree[removed.Previous].Next = removed.Next;
        else
            share.Head = removed.Next;
        if (removed.Next != Share.None)
            tree[removed.Next].Previous = removed.Previous;
        tree.Remove(entry);
        share.Count--;
        share.Registrar.Patterns--;
        slices.Change(pattern, removed.Edge, isAdded: false, batch: null);
    }

    /// <summary>A registrant without a pattern in the space waits for no version of it.</summary>
    private void DropIfEmpty(Share share)
    {
        if (share.Count > 0 || !share.Space.Shares.Remove(share))
            return;
        share.Told.Clear();
        share.Open = null;
        share.Registrar.Shares.Remove(share.Space);
        spaces.DropIfEmpty(share.Space);
    }
}
