using WeCan.Contracts;
using WeCan.Edge.Bus.Interest.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>
/// This edge as a home of spaces: registrants tell it their patterns, followers get slices of them while they hold its lease, and a
/// registrant's version is confirmed when no follower publishes without reckoning with it.
/// </summary>
internal sealed class Home
{
    private readonly InterestShared _shared;
    private readonly HomeSpaces _spaces;
    private readonly SubjectTree<Registration> _registrations;
    private readonly SliceBook _slices;
    private readonly Registry _registry;
    private readonly HashSet<HomeSpace> _asked = [];
    private readonly List<HomeFollower> _ghosts = [];
    private readonly List<HomeSpace> _looked = [];

    public Home(InterestShared shared)
    {
        _shared = shared;
        _spaces = new(shared);
        _registrations = new(shared.Seed);
        _slices = new(shared, _spaces, _registrations);
        _registry = new(shared, _spaces, _registrations, _slices);
        _slices.Confirm = _registry.Confirm;
        Here = new(shared.Self);
    }

    /// <summary>This edge as its own registrant.</summary>
    public Registrar Here { get; }

    /// <summary>Called with the space and version when one of this edge's own is confirmed.</summary>
    public Action<byte[], ulong> ConfirmHere { get; set; } = (_, _) => { };

    public int RegistrationCount => _registrations.Count;

    public int SpaceCount => _spaces.Count;

    public int SliceCount => _slices.Count;

    /// <summary>There is something to look at now and then.</summary>
    public bool IsBusy => _ghosts.Count > 0 || _asked.Count > 0 || _spaces.AreUnsettled || _slices.Outstanding > 0;

    public void Add(Registrar registrar, ReadOnlySpan<byte> pattern) => _registry.Add(registrar, pattern);

    public void Remove(Registrar registrar, ReadOnlySpan<byte> pattern) => _registry.Remove(registrar, pattern);

    public void Leave(Registrar registrar, ReadOnlySpan<byte> space, ulong membership) => _registry.Leave(registrar, space, membership);

    public void Told(Registrar registrar, ReadOnlySpan<byte> space, ulong version)
    {
        _registry.Told(registrar, space, version);
        TellHere();
    }

    public void Complete(Peer peer, ulong version)
    {
        if (version > _shared.Views.Version)
        {
            peer.CompleteAhead = version;
            return;
        }

        _registry.Complete(peer.Registrar);
        peer.Complete = Math.Max(peer.Complete, version);
        _registry.Adopt();
        Open();
    }

    public void Follow(Peer peer, in FollowFrame follow)
    {
        var follower = peer.Follower ??= new(peer);
        if (follow.Slice <= follower.LastNumber)
            return;
        follower.LastNumber = follow.Slice;
        var name = SubjectRules.SpaceOf(follow.Subject);
        if (follower.Slices.Count + follower.Asked.Count >= InterestLimits.MaxSlices)
        {
            _slices.Refuse(follower, follow.Slice, EndReason.TooMany);
        }
        else if (!_shared.Views.PairOf(name).Contains(_shared.Self))
        {
            _slices.Refuse(follower, follow.Slice, EndReason.NotHome);
        }
        else if (_spaces.Get(name) is var space && _spaces.IsOpen(space))
        {
            _slices.Give(follower, follow.Slice, follow.Subject, space);
        }
        else
        {
            space.Asked.Enqueue((follower, follow.Slice, follow.Subject.ToArray()));
            follower.Asked.Add(follow.Slice);
            _asked.Add(space);
        }
    }

    public void Unfollow(Peer peer, uint slice)
    {
        if (peer.Follower is { } follower)
            _slices.Forget(follower, slice);
    }

    /// <summary>The lease counts from now, and the follower has counted it from before.</summary>
    public void Renew(Peer peer, in PingFrame ping)
    {
        var follower = peer.Follower ??= new(peer);
        follower.LeaseUntil = _shared.Now + InterestLimits.Lease + InterestLimits.LeaseGrace;
        _slices.Apply(follower, ping.Applied);
        new CountFrame(InterestKind.Pong, ping.Stamp).Write(peer.Serving.Batch);
        _shared.MarkReady(peer);
        TellHere();
    }

    public static void Begin(Peer peer)
    {
        peer.CompleteAhead = 0;
        Registry.Begin(peer.Registrar);
    }

    /// <summary>The peer has forgotten all that it was told.</summary>
    public void Forgotten(Peer peer)
    {
        (peer.Complete, peer.CompleteAhead) = (0, 0);
        if (peer.Follower is { } follower)
            _slices.RemoveAll(follower);
        peer.Follower = null;
        ForgetGhosts(peer);
    }

    /// <summary>The peer has begun the session that this edge did, and goes by an old one no more.</summary>
    public void ForgetGhosts(Peer peer)
    {
        foreach (var ghost in _ghosts)
        {
            if (ghost.Edge == peer.Id)
                _slices.RemoveAll(ghost);
        }

        _ghosts.RemoveAll(ghost => ghost.Edge == peer.Id);
        TellHere();
    }

    /// <summary>This edge has begun a new session with the peer, which may go by the old one while its lease lasts.</summary>
    public void Abandon(Peer peer)
    {
        (peer.Complete, peer.CompleteAhead) = (0, 0);
        if (peer.Follower is not { } follower)
            return;
        peer.Follower = null;
        follower.IsGhost = true;
        _ghosts.Add(follower);
    }

    /// <summary>The peer is no member any more.</summary>
    public void Lose(Peer peer)
    {
        Abandon(peer);
        _registry.RemoveAll(peer.Registrar);
    }

    public void Adopt()
    {
        _looked.Clear();
        foreach (var space in _spaces.All)
        {
            if (_spaces.Place(space))
                _looked.Add(space);
        }

        foreach (var space in _looked)
            _slices.EndAll(space);
        foreach (var peer in _shared.Peers.Values)
        {
            if (peer.CompleteAhead == 0 || peer.CompleteAhead > _shared.Views.Version)
                continue;
            Complete(peer, peer.CompleteAhead);
            peer.CompleteAhead = 0;
        }

        _registry.Adopt();
        Open();
        Settle();
    }

    public void Beat()
    {
        for (var index = _ghosts.Count - 1; index >= 0; index--)
        {
            if (_ghosts[index].LeaseUntil > _shared.Now)
                continue;
            _slices.RemoveAll(_ghosts[index]);
            _ghosts.RemoveAt(index);
        }

        foreach (var peer in _shared.Peers.Values)
        {
            if (peer.Follower is { } follower && follower.LeaseUntil <= _shared.Now)
                _slices.ReleaseAll(follower);
        }

        Open();
        Settle();
        TellHere();
    }

    public bool IsOpen(ReadOnlySpan<byte> space) => _spaces.IsOpen(space);

    /// <summary>The edges that have told this home that they want the subject.</summary>
    public void Match<TVisitor>(ReadOnlySpan<byte> subject, ref TVisitor visitor)
        where TVisitor : IMatchVisitor<Registration>, allows ref struct => _registrations.Match(subject, ref visitor);

    /// <summary>Writes what the peer has to hear of this home into a message, as far as it fits.</summary>
    public int Serve(Peer peer, Span<byte> room)
    {
        for (var length = 0; ;)
        {
            length += peer.Serving.Take(room[length..]);
            if (!peer.Serving.IsEmpty || !_registry.TryTakeDue(peer.Registrar, out var share))
                return length;
            new VersionFrame { Kind = InterestKind.Confirmed, Space = share.Space.Name, Version = share.Confirmed }.Write(peer.Serving.Batch);
        }
    }

    private void TellHere()
    {
        while (_registry.TryTakeDue(Here, out var share))
            ConfirmHere(share.Space.Name, share.Confirmed);
    }

    /// <summary>Answers what was asked of spaces that have opened since, or are others' now.</summary>
    private void Open()
    {
        if (_asked.Count == 0)
            return;
        _looked.Clear();
        _looked.AddRange(_asked);
        foreach (var space in _looked)
        {
            if (space.IsMine && !_spaces.IsOpen(space))
                continue;
            _asked.Remove(space);
            while (space.Asked.TryDequeue(out var asked))
            {
                if (asked.Follower.Peer.Follower != asked.Follower || !asked.Follower.Asked.Remove(asked.Number))
                    continue;
                if (space.IsMine)
                    _slices.Give(asked.Follower, asked.Number, asked.Subject, space);
                else
                    _slices.Refuse(asked.Follower, asked.Number, EndReason.NotHome);
            }

            _spaces.DropIfEmpty(space);
        }
    }

    private void Settle()
    {
        if (!_spaces.AreUnsettled)
            return;
        _looked.Clear();
        _spaces.TakeSettled(_looked);
        foreach (var space in _looked)
        {
            foreach (var share in space.Shares)
                _registry.Confirm(share);
        }

        TellHere();
    }
}
