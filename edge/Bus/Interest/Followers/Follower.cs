using WeCan.Contracts;
using WeCan.Edge.Bus.Interest.Frames;
using WeCan.Edge.Bus.Interest.Homes;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Followers;

/// <summary>
/// This edge as one that publishes: it knows of the subjects that it publishes to who wants them, by the word of both homes of the space, and is in step while
/// it has at least one's, whole and with a lease. What it does not use it lets go of.
/// </summary>
internal sealed class Follower
{
    private readonly InterestShared _shared;
    private readonly Home _home;
    private readonly ToldBook _told;
    private readonly AudienceList _audience;
    private readonly Dictionary<byte[], FollowedSpace> _spaces;
    private readonly Dictionary<byte[], FollowedSpace>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly HashSet<FollowedSpace> _waiting = [];
    private readonly List<FollowSlice> _looked = [];
    private readonly List<FollowedSpace> _lookedSpaces = [];
    private MonoTime _nextSweep;

    public Follower(InterestShared shared, Home home)
    {
        _shared = shared;
        _home = home;
        _told = new(shared.Seed);
        _audience = new(shared.Self);
        _spaces = new(new NameComparer(shared.Seed));
        _byName = _spaces.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int EntryCount => _told.EntryCount;

    public int SliceCount => _told.SliceCount;

    public int SpaceCount => _spaces.Count;

    /// <summary>There is something to look at now and then.</summary>
    public bool IsBusy => _waiting.Count > 0;

    /// <summary>It has slices, whose leases are to be renewed.</summary>
    public bool IsFollowing { get; private set; }

    /// <summary>When slices that were not used are to be let go of.</summary>
    public MonoTime NextSweep => _spaces.Count == 0 ? MonoTime.Never : _nextSweep;

    public bool TryMatch(ReadOnlySpan<byte> subject, out ReadOnlySpan<NodeId> edges)
    {
        edges = default;
        if (!IsInStep(subject, out var space))
            return false;
        _audience.Clear();
        _told.Match(subject, _audience);
        var audience = _audience;
        if (space.IsHere)
            _home.Match(subject, ref audience);
        edges = _audience.Edges;
        return true;
    }

    public bool IsInStep(ReadOnlySpan<byte> subject, out FollowedSpace space)
    {
        space = SpaceOf(SubjectRules.SpaceOf(subject));
        space.LastUsed = _shared.Now;
        if (space.IsHere && !space.IsOpenHere)
            space.IsOpenHere = _home.IsOpen(space.Name);
        if (space is { IsOpenHere: true, Slices: 0 })
            return true;
        var cover = new Cover(space, _shared.Now);
        _told.FindSlices(subject, ref cover);
        var isInStep = space.IsOpenHere | IsInStep(space, space.First, cover.First, subject) | IsInStep(space, space.Second, cover.Second, subject);
        if (!isInStep)
            _waiting.Add(space);
        return isInStep;
    }

    /// <summary>False when it is none that was asked for.</summary>
    public bool TryTake(Peer home, ref SliceFrame frame)
    {
        home.Followed.Applied++;
        if (!home.Followed.Slices.TryGetValue(frame.Slice, out var slice))
            return true;
        if (!_told.TryTake(slice, ref frame))
            return false;
        if (!slice.IsWhole)
            return true;
        slice.LastUsed = _shared.Now;
        slice.Space.Asked.Remove(slice);
        _shared.HasArrivals = true;
        return true;
    }

    public void Take(Peer home, in ChangeFrame change)
    {
        home.Followed.Applied++;
        _told.Take(home, change);
        Acknowledge(home);
    }

    public void Take(Peer home, EndedFrame ended)
    {
        home.Followed.Applied++;
        Acknowledge(home);
        if (!home.Followed.Slices.TryGetValue(ended.Slice, out var slice))
            return;
        Drop(slice);
        if (ended.Reason is EndReason.NotHome or EndReason.TooMany)
            slice.Space.RetryAt = _shared.Now + InterestLimits.RetryAfter;
        else
            _shared.HasArrivals = true;
    }

    public void Renew(Peer home, ulong stamp)
    {
        var sent = new MonoTime((long)Math.Min(stamp, (ulong)_shared.Now.Nanoseconds));
        if (home.Followed.LeaseUntil <= _shared.Now)
            _shared.HasArrivals = true;
        home.Followed.LeaseUntil = MonoTime.Max(home.Followed.LeaseUntil, sent + InterestLimits.Lease);
    }

    /// <summary>A session with the peer begins, or it is no member any more: what it told is void.</summary>
    public void Forget(Peer peer)
    {
        var followed = peer.Followed;
        if (followed.Slices.Count > 0)
            _told.DropAll(peer);
        foreach (var slice in followed.Slices.Values)
        {
            slice.IsOver = true;
            slice.Space.Slices--;
            slice.Space.Asked.Remove(slice);
        }

        followed.Slices.Clear();
        followed.Clock.Clear();
        (followed.LeaseUntil, followed.Applied, followed.LastNumber) = (MonoTime.Zero, 0, 0);
        _shared.HasArrivals = true;
    }

    public void Adopt()
    {
        foreach (var space in _spaces.Values)
        {
            if (_shared.Views.PairOf(space.Name) is var pair && pair == space.Pair)
            {
                Place(space, pair);
                continue;
            }

            Place(space, pair);
            _looked.Clear();
            _told.Collect(space.Name, _looked);
            _looked.AddRange(space.Asked);
            foreach (var slice in _looked)
            {
                if (slice.Home != space.First && slice.Home != space.Second && !slice.IsOver)
                    LetGo(slice);
            }
        }

        _shared.HasArrivals = true;
    }

    public void Beat()
    {
        _lookedSpaces.Clear();
        foreach (var space in _waiting)
        {
            var isRetry = space.RetryAt > MonoTime.Zero && space.RetryAt <= _shared.Now;
            if (isRetry)
                space.RetryAt = MonoTime.Zero;
            if (space.IsHere && !space.IsOpenHere)
                space.IsOpenHere = _home.IsOpen(space.Name);
            _shared.HasArrivals |= isRetry || space.IsOpenHere;
            if (space.IsOpenHere || (space.LastUsed + InterestLimits.OpenAnyway < _shared.Now && space.RetryAt == MonoTime.Zero))
                _lookedSpaces.Add(space);
        }

        _waiting.ExceptWith(_lookedSpaces);
        if (NextSweep <= _shared.Now)
            Sweep();
    }

    private void Sweep()
    {
        _nextSweep = _shared.Now + InterestLimits.SweepInterval;
        IsFollowing = false;
        var unused = _shared.Now - InterestLimits.SliceUnused;
        foreach (var peer in _shared.Peers.Values)
        {
            _looked.Clear();
            foreach (var slice in peer.Followed.Slices.Values)
            {
                if (slice.LastUsed <= unused)
                    _looked.Add(slice);
            }

            foreach (var slice in _looked)
                LetGo(slice);
            IsFollowing |= peer.Followed.Slices.Count > 0;
        }

        _lookedSpaces.Clear();
        foreach (var space in _spaces.Values)
        {
            if (space.Slices == 0 && space.LastUsed <= unused)
                _lookedSpaces.Add(space);
        }

        foreach (var space in _lookedSpaces)
        {
            _spaces.Remove(space.Name);
            _waiting.Remove(space);
        }
    }

    private FollowedSpace SpaceOf(ReadOnlySpan<byte> name)
    {
        if (_byName.TryGetValue(name, out var space))
            return space;
        space = new(name.ToArray());
        Place(space, _shared.Views.PairOf(name));
        if (_spaces.Count == 0)
            _nextSweep = _shared.Now + InterestLimits.SweepInterval;
        _spaces.Add(space.Name, space);
        return space;
    }

    private void Place(FollowedSpace space, HomePair pair)
    {
        space.Pair = pair;
        space.First = _shared.Find(pair.First);
        space.Second = _shared.Find(pair.Second);
        space.IsHere = pair.Contains(_shared.Self);
        space.IsOpenHere &= space.IsHere;
    }

    private bool IsInStep(FollowedSpace space, Peer? home, bool isCovered, ReadOnlySpan<byte> subject)
    {
        if (home is null)
            return false;
        if (isCovered)
            return home.Followed.LeaseUntil > _shared.Now;
        if (!space.IsOpenHere)
            Ask(space, home, subject);
        return false;
    }

    private void Ask(FollowedSpace space, Peer home, ReadOnlySpan<byte> subject)
    {
        if (!home.IsKnown || space.RetryAt > _shared.Now)
            return;
        var count = 0;
        foreach (var slice in space.Asked)
        {
            if (slice.Home != home)
                continue;
            count++;
            slice.LastUsed = _shared.Now;
            if (subject.SequenceEqual(slice.Subject))
                return;
        }

        if (count >= InterestLimits.MaxAsking || (home.Followed.Slices.Count >= InterestLimits.MaxSlices && !TryMakeRoom(home)))
            return;
        var asked = new FollowSlice(home, ++home.Followed.LastNumber, space, subject.ToArray()) { LastUsed = _shared.Now };
        home.Followed.Slices.Add(asked.Number, asked);
        home.Followed.Clock.Enqueue(asked);
        space.Asked.Add(asked);
        space.Slices++;
        IsFollowing = true;
        new FollowFrame { Slice = asked.Number, Subject = subject }.Write(home.Asking.Batch);
        Acknowledge(home);
    }

    /// <summary>Lets go of a slice that was not used lately, or of the oldest.</summary>
    private bool TryMakeRoom(Peer home)
    {
        var clock = home.Followed.Clock;
        for (var tries = 0; clock.TryDequeue(out var slice); tries++)
        {
            if (slice.IsOver)
                continue;
            if (tries < InterestLimits.MaxAsking && slice.LastUsed + InterestLimits.Lease > _shared.Now)
            {
                clock.Enqueue(slice);
                continue;
            }

            LetGo(slice);
            return true;
        }

        return false;
    }

    private void LetGo(FollowSlice slice)
    {
        if (slice.IsOver)
            return;
        new CountFrame(InterestKind.Unfollow, slice.Number).Write(slice.Home.Asking.Batch);
        _shared.MarkReady(slice.Home);
        Drop(slice);
    }

    private void Drop(FollowSlice slice)
    {
        slice.IsOver = true;
        slice.Home.Followed.Slices.Remove(slice.Number);
        if (slice.Home.Followed.Clock.Count > 2 * InterestLimits.MaxSlices)
            Prune(slice.Home.Followed.Clock);
        slice.Space.Slices--;
        slice.Space.Asked.Remove(slice);
        _told.Drop(slice);
    }

    private static void Prune(Queue<FollowSlice> clock)
    {
        for (var count = clock.Count; count > 0; count--)
        {
            if (clock.Dequeue() is { IsOver: false } slice)
                clock.Enqueue(slice);
        }
    }

    /// <summary>The next message to the home says what was applied, and asks for the lease.</summary>
    private void Acknowledge(Peer home)
    {
        home.IsPingDue = true;
        _shared.MarkReady(home);
    }
}
