using WeCan.Contracts;
using WeCan.Edge.Bus.Interest.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>
/// What this home has told its followers, so that each change reaches those whom it concerns, and who added it can be told when all of them reckon with
/// it: a follower does when it has said so, or when its lease has run out by this home's clock, which begins later than by its own.
/// </summary>
internal sealed class SliceBook(InterestShared shared, HomeSpaces spaces, SubjectTree<Registration> registrations)
{
    private readonly SubjectTree<HomeSlice?> _slices = new(shared.Seed);
    private readonly List<HomeSlice> _found = [];
    private readonly List<HomeSlice> _outgrown = [];
    private readonly List<HomeFollower> _touched = [];
    private readonly List<int> _entries = [];
    private ulong _changes;

    public int Count => _slices.Count;

    /// <summary>What waits for followers: changes to be confirmed, and slices whose end is to be applied.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Called when a batch has no follower to wait for any more.</summary>
    public Action<Share> Confirm { get; set; } = _ => { };

    public void Change(ReadOnlySpan<byte> pattern, NodeId edge, bool isAdded, Batch? batch)
    {
        Touch(pattern, edge);
        foreach (var slice in _found)
        {
            if (slice.Follower.Edge == edge || slice.IsEnded)
                continue;
            slice.Follower.IsTouched = true;
            slice.Count += isAdded ? 1 : -1;
            if (isAdded && !slice.IsExact && slice.Count > InterestLimits.SliceEntriesAtMost)
                _outgrown.Add(slice);
        }

        foreach (var follower in _touched)
        {
            if (follower.IsTouched && !follower.IsGhost)
            {
                new ChangeFrame { IsAdded = isAdded, Edge = edge, Pattern = pattern }.Write(follower.Peer.Serving.Batch);
                Sent(follower);
            }

            if (batch is not null)
                Oblige(follower, batch);
        }

        foreach (var slice in _outgrown)
        {
            shared.Counters.SlicesOutgrown++;
            End(slice, EndReason.TooWide);
        }

        _outgrown.Clear();
    }

    /// <summary>A registrant says again what it had said, and wants it confirmed anew.</summary>
    public void Repeat(ReadOnlySpan<byte> pattern, NodeId edge, Batch batch)
    {
        Touch(pattern, edge);
        foreach (var follower in _touched)
            Oblige(follower, batch);
    }

    /// <summary>Gives the widest slice around the subject that is not too large.</summary>
    public void Give(HomeFollower follower, uint number, ReadOnlySpan<byte> subject, HomeSpace space)
    {
        if (IsCovered(follower, subject))
        {
            Refuse(follower, number, EndReason.Covered);
            return;
        }

        Span<byte> prefix = stackalloc byte[SubjectLimits.MaxBytes + 2];
        prefix = prefix[..ChoosePrefix(follower, subject, prefix, out var isExact)];
        var slice = new HomeSlice(follower, number, space, isExact) { Count = _entries.Count };
        slice.Entry = _slices.Add(prefix, slice, out _);
        follower.Slices.Add(number, slice);
        space.Slices++;
        shared.Counters.SlicesGiven++;
        Write(follower, number, prefix);
    }

    public void Refuse(HomeFollower follower, uint number, EndReason reason)
    {
        new EndedFrame(number, reason).Write(follower.Peer.Serving.Batch);
        Sent(follower);
    }

    /// <summary>The follower may use it until it has applied this.</summary>
    public void End(HomeSlice slice, EndReason reason)
    {
        var follower = slice.Follower;
        if (slice.IsEnded || follower.IsGhost || !follower.Slices.Remove(slice.Number))
            return;
        Refuse(follower, slice.Number, reason);
        slice.EndedBy = follower.Sent;
        follower.Ended.Enqueue(slice);
        Outstanding++;
    }

    public void EndAll(HomeSpace space)
    {
        Span<byte> all = stackalloc byte[SubjectLimits.MaxSpaceBytes + 2];
        space.Name.CopyTo(all);
        ".>"u8.CopyTo(all[space.Name.Length..]);
        _found.Clear();
        var collector = new SliceCollector(_slices, _found);
        _slices.Overlap(all[..(space.Name.Length + 2)], ref collector);
        foreach (var slice in _found)
            End(slice, EndReason.NotHome);
    }

    /// <summary>The follower has let go of it.</summary>
    public void Forget(HomeFollower follower, uint number)
    {
        if (follower.Slices.Remove(number, out var slice))
            Remove(slice);
        else
            follower.Asked.Remove(number);
    }

    public void Apply(HomeFollower follower, ulong applied)
    {
        if (applied > follower.Sent || applied < follower.Applied)
            return;
        follower.Applied = applied;
        Release(follower, applied);
    }

    /// <summary>Its lease has run out: nobody waits for it any more.</summary>
    public void ReleaseAll(HomeFollower follower) => Release(follower, ulong.MaxValue);

    /// <summary>It has forgotten all that it was told.</summary>
    public void RemoveAll(HomeFollower follower)
    {
        ReleaseAll(follower);
        foreach (var slice in follower.Slices.Values)
            Remove(slice);
        follower.Slices.Clear();
    }

    private void Release(HomeFollower follower, ulong applied)
    {
        while (follower.Ended.TryPeek(out var slice) && slice.EndedBy <= applied)
        {
            follower.Ended.Dequeue();
            Outstanding--;
            Remove(slice);
        }

        while (follower.Obligations.TryPeek(out var obligation) && obligation.Frame <= applied)
        {
            follower.Obligations.Dequeue();
            Outstanding--;
            if (follower.Obligations.Count == 0)
                follower.Latest = null;
            if (--obligation.Batch.Outstanding == 0)
                Confirm(obligation.Batch.Share);
        }
    }

    private void Remove(HomeSlice slice)
    {
        _slices.Remove(slice.Entry);
        slice.Space.Slices--;
        spaces.DropIfEmpty(slice.Space);
    }

    /// <summary>Finds the slices that a pattern concerns, and each of their followers once, but for the edge itself.</summary>
    private void Touch(ReadOnlySpan<byte> pattern, NodeId edge)
    {
        _found.Clear();
        _touched.Clear();
        var collector = new SliceCollector(_slices, _found);
        _slices.Overlap(pattern, ref collector);
        _changes++;
        foreach (var slice in _found)
        {
            var follower = slice.Follower;
            if (follower.Seen == _changes || follower.Edge == edge)
                continue;
            follower.Seen = _changes;
            follower.IsTouched = false;
            _touched.Add(follower);
        }
    }

    private void Oblige(HomeFollower follower, Batch batch)
    {
        if (follower.LeaseUntil <= shared.Now || follower.HasAllApplied)
            return;
        var frame = follower.IsGhost ? ulong.MaxValue : follower.Sent;
        if (follower.Latest is { } latest && latest.Batch == batch)
        {
            latest.Frame = frame;
            return;
        }

        follower.Latest = new(batch) { Frame = frame };
        follower.Obligations.Enqueue(follower.Latest);
        batch.Outstanding++;
        Outstanding++;
    }

    private void Sent(HomeFollower follower)
    {
        follower.Sent++;
        shared.MarkReady(follower.Peer);
    }

    private bool IsCovered(HomeFollower follower, ReadOnlySpan<byte> subject)
    {
        _found.Clear();
        var collector = new SliceCollector(_slices, _found);
        _slices.Match(subject, ref collector);
        return _found.Exists(slice => slice.Follower == follower && !slice.IsEnded);
    }

    /// <summary>Writes the prefix and collects its entries; a system subject is met only by patterns that name its second token, so no prefix is wider.</summary>
    private int ChoosePrefix(HomeFollower follower, ReadOnlySpan<byte> subject, Span<byte> prefix, out bool isExact)
    {
        isExact = false;
        subject.CopyTo(prefix);
        for (var dot = subject.IndexOf(SubjectRules.Dot); dot >= 0;)
        {
            var rest = subject[(dot + 1)..];
            var isSystem = rest is [(byte)'$', ..] && subject.IndexOf(SubjectRules.Dot) == dot;
            if (!isSystem && dot + 2 <= SubjectLimits.MaxBytes)
            {
                ".>"u8.CopyTo(prefix[dot..]);
                if (TryCollect(follower, prefix[..(dot + 2)], InterestLimits.SliceEntries))
                    return dot + 2;
                subject[dot..].CopyTo(prefix[dot..]);
            }

            var next = rest.IndexOf(SubjectRules.Dot);
            dot = next < 0 ? next : dot + 1 + next;
        }

        isExact = true;
        TryCollect(follower, subject, int.MaxValue - 1);
        return subject.Length;
    }

    private bool TryCollect(HomeFollower follower, ReadOnlySpan<byte> prefix, int most)
    {
        _entries.Clear();
        var collector = new EntryCollector(registrations, _entries, follower.Edge, most);
        return registrations.Overlap(prefix, ref collector);
    }

    private void Write(HomeFollower follower, uint number, ReadOnlySpan<byte> prefix)
    {
        Span<byte> pattern = stackalloc byte[SubjectLimits.MaxBytes];
        var done = 0;
        do
        {
            var count = Math.Min(_entries.Count - done, InterestLimits.EntriesPerFrame);
            var writer = SliceFrame.Begin(follower.Peer.Serving.Batch, number, done + count == _entries.Count, prefix, count);
            foreach (var entry in _entries.GetRange(done, count))
                SliceFrame.WriteEntry(ref writer, pattern[..registrations.WritePattern(entry, pattern)], registrations[entry].Edge);
            follower.Peer.Serving.Batch.End(writer);
            Sent(follower);
            done += count;
        }
        while (done < _entries.Count);
    }
}
