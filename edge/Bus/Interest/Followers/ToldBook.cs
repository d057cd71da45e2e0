using WeCan.Contracts;
using WeCan.Edge.Bus.Interest.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Followers;

/// <summary>
/// What homes have told this edge: the slices that it has, and the entries in them, each kept once however many slices of a home it lies in.
/// </summary>
internal sealed class ToldBook(ulong seed)
{
    private readonly SubjectTree<ToldEntry> _entries = new(seed);
    private readonly SubjectTree<FollowSlice?> _slices = new(seed);
    private readonly List<int> _found = [];

    public int EntryCount => _entries.Count;

    public int SliceCount => _slices.Count;

    public void FindSlices(ReadOnlySpan<byte> subject, ref Cover cover) => _slices.Match(subject, ref cover);

    public void Match(ReadOnlySpan<byte> subject, AudienceList audience) => _entries.Match(subject, ref audience);

    /// <summary>A piece of a slice has come; false when it is none that was asked for.</summary>
    public bool TryTake(FollowSlice slice, ref SliceFrame frame)
    {
        if (slice.IsWhole || !PatternRules.Covers(frame.Prefix, slice.Subject))
            return false;
        if (slice.Entry < 0)
            slice.Entry = _slices.Add(frame.Prefix, slice, out _);
        while (frame.TryNext(out var pattern, out var edge))
        {
            if (PatternRules.Overlap(pattern, frame.Prefix))
                Add(pattern, new(edge, slice.Home.Id));
        }

        slice.IsWhole = frame.IsLast;
        return true;
    }

    /// <summary>A change of what a home has told. It may be of a slice that was let go of meanwhile, and then is of no interest.</summary>
    public void Take(Peer home, in ChangeFrame change)
    {
        if (!change.IsAdded)
            Remove(change.Pattern, new(change.Edge, home.Id));
        else if (IsInSlice(change.Pattern, home))
            Add(change.Pattern, new(change.Edge, home.Id));
    }

    /// <summary>Forgets a slice, and the entries that no other slice of the home has.</summary>
    public void Drop(FollowSlice slice)
    {
        if (slice.Entry < 0)
            return;
        Span<byte> name = stackalloc byte[SubjectLimits.MaxBytes];
        var prefix = name[.._slices.WritePattern(slice.Entry, name)];
        _slices.Remove(slice.Entry);
        slice.Entry = FollowSlice.None;
        _found.Clear();
        var collector = new Collector(_found);
        _entries.Overlap(prefix, ref collector);
        foreach (var entry in _found)
        {
            if (_entries[entry].Home == slice.Home.Id && !IsInSlice(name[.._entries.WritePattern(entry, name)], slice.Home))
                _entries.Remove(entry);
        }
    }

    /// <summary>Forgets all that a home has told.</summary>
    public void DropAll(Peer home)
    {
        foreach (var slice in home.Followed.Slices.Values)
        {
            if (slice.Entry >= 0)
                _slices.Remove(slice.Entry);
            slice.Entry = FollowSlice.None;
        }

        for (var entry = 0; entry < _entries.Limit; entry++)
        {
            if (_entries[entry].Home == home.Id)
                _entries.Remove(entry);
        }
    }

    /// <summary>The slices of a space.</summary>
    public void Collect(ReadOnlySpan<byte> space, List<FollowSlice> slices)
    {
        Span<byte> all = stackalloc byte[SubjectLimits.MaxSpaceBytes + 2];
        space.CopyTo(all);
        ".>"u8.CopyTo(all[space.Length..]);
        _found.Clear();
        var collector = new Collector(_found);
        _slices.Overlap(all[..(space.Length + 2)], ref collector);
        foreach (var entry in _found)
            slices.Add(_slices[entry]!);
    }

    private void Add(ReadOnlySpan<byte> pattern, ToldEntry told)
    {
        if (Find(pattern, told) < 0)
            _entries.Add(pattern, told, out _);
    }

    private void Remove(ReadOnlySpan<byte> pattern, ToldEntry told)
    {
        if (Find(pattern, told) is >= 0 and var entry)
            _entries.Remove(entry);
    }

    private int Find(ReadOnlySpan<byte> pattern, ToldEntry told)
    {
        var entry = _entries.Find(pattern);
        while (entry >= 0 && _entries[entry] != told)
            entry = _entries.NextOf(entry);
        return entry;
    }

    private bool IsInSlice(ReadOnlySpan<byte> pattern, Peer home)
    {
        var search = new Search(_slices, home);
        return !_slices.Overlap(pattern, ref search);
    }

    private readonly struct Collector(List<int> found) : IOverlapVisitor
    {
        public bool Visit(int entry)
        {
            found.Add(entry);
            return true;
        }
    }

    /// <summary>Has enough when it is shown a slice of the home.</summary>
    private readonly struct Search(SubjectTree<FollowSlice?> slices, Peer home) : IOverlapVisitor
    {
        public bool Visit(int entry) => slices[entry]!.Home != home;
    }
}
