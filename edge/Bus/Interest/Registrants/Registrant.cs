using WeCan.Contracts;
using WeCan.Edge.Bus.Interest.Frames;
using WeCan.Edge.Bus.Interest.Homes;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Interest.Registrants;

/// <summary>
/// This edge as one that has subscribers: it tells both homes of each space its patterns, each once, and knows of each subscription when both
/// reckon with it. What is to be told is found in the table of patterns when there is room for it, so that a home that does not listen costs nothing.
/// </summary>
internal sealed class Registrant
{
    private readonly InterestShared _shared;
    private readonly Home _home;
    private readonly SubjectTree<LocalPattern?> _patterns;
    private readonly Dictionary<byte[], LocalSpace> _spaces;
    private readonly Dictionary<byte[], LocalSpace>.AlternateLookup<ReadOnlySpan<byte>> _byName;
    private readonly Dictionary<ulong, LinkedListNode<(ulong Ticket, ulong Version)>> _tickets = [];
    private readonly Queue<(MonoTime At, LocalPattern Pattern)> _leaving = new();
    private readonly HashSet<LocalSpace> _lagging = [];
    private readonly List<LocalSpace> _looked = [];
    private readonly SilentHomes _silent;
    private readonly Teller _teller;
    private ulong _version;

    public Registrant(InterestShared shared, Home home)
    {
        _shared = shared;
        _home = home;
        _home.ConfirmHere = ConfirmHere;
        _patterns = new(shared.Seed);
        _spaces = new(new NameComparer(shared.Seed));
        _byName = _spaces.GetAlternateLookup<ReadOnlySpan<byte>>();
        _silent = new(shared);
        _teller = new(shared, _patterns, _spaces);
    }

    public int PatternCount => _patterns.Count;

    public int SpaceCount => _spaces.Count;

    public int WaitingCount => _tickets.Count;

    /// <summary>There is something to look at now and then.</summary>
    public bool IsBusy => _lagging.Count > 0 || _leaving.Count > 0;

    public void Subscribe(ReadOnlySpan<byte> name, ulong ticket)
    {
        var found = _patterns.Find(name);
        var isNew = found < 0;
        var pattern = isNew ? Add(name) : _patterns[found]!;
        pattern.Subscribers++;
        var space = pattern.Space;
        if (isNew)
            Changed(space, name, pattern.Entry, isAdded: true);
        if (LimitOf(space) is var limit && pattern.Version <= limit)
            Confirm(space, ticket, pattern.Version);
        else
            _tickets[ticket] = space.Waiting.AddLast((ticket, pattern.Version));
    }

    public void Unsubscribe(ReadOnlySpan<byte> name, ulong ticket)
    {
        var found = _patterns.Find(name);
        if (found < 0)
            return;
        var pattern = _patterns[found]!;
        if (_tickets.Remove(ticket, out var waiting))
            pattern.Space.Waiting.Remove(waiting);
        if (pattern.Subscribers == 0 || --pattern.Subscribers > 0)
            return;
        pattern.LeftAt = _shared.Now;
        if (pattern.IsLeaving)
            return;
        pattern.IsLeaving = true;
        _leaving.Enqueue((_shared.Now + InterestLimits.Linger, pattern));
    }

    public bool IsConfirmedByBoth(ReadOnlySpan<byte> name) =>
        _patterns.Find(name) is >= 0 and var found && _patterns[found] is { } pattern && pattern.Space is { First: { } first } space
        && first.Confirmed >= pattern.Version && (space.Second is null || space.Second.Confirmed >= pattern.Version);

    /// <summary>A session with the peer begins: it knows nothing any more.</summary>
    public void Restart(Peer peer)
    {
        foreach (var space in _spaces.Values)
        {
            if (space.LinkTo(peer.Id) is not { } link)
                continue;
            link.IsTold = false;
            link.Confirmed = 0;
            _lagging.Add(space);
        }

        _teller.Begin(peer);
    }

    public void Confirm(NodeId home, ReadOnlySpan<byte> name, ulong version)
    {
        if (!_byName.TryGetValue(name, out var space) || space.LinkTo(home) is not { } link)
            return;
        link.Confirmed = Math.Max(link.Confirmed, Math.Min(version, space.Version));
        Settle(space);
    }

    /// <summary>The membership has changed: homes that come are told, homes that go may forget.</summary>
    public void Adopt()
    {
        var isNewHere = false;
        foreach (var space in _spaces.Values)
        {
            var pair = _shared.Views.PairOf(space.Name);
            if (pair.First == (space.First?.Home ?? default) && pair.Second == (space.Second?.Home ?? default))
                continue;
            Leave(space, space.First, pair);
            Leave(space, space.Second, pair);
            Place(space, pair);
            isNewHere |= space.IsNewHere;
        }

        if (isNewHere)
            TellHere();
        foreach (var peer in _shared.Peers.Values)
            _teller.Complete(peer);
    }

    /// <summary>Writes what is to be told into a message, as far as it fits.</summary>
    public int Tell(Peer peer, Span<byte> room) => _teller.Tell(peer, room);

    public void Beat()
    {
        while (_leaving.TryPeek(out var next) && next.At <= _shared.Now)
            LeaveOrStay(_leaving.Dequeue().Pattern);
        _looked.Clear();
        _looked.AddRange(_lagging);
        foreach (var space in _looked)
        {
            _silent.Listen(space);
            Settle(space);
        }
    }

    private void ConfirmHere(byte[] name, ulong version) => Confirm(_shared.Self, name, version);

    private LocalPattern Add(ReadOnlySpan<byte> name)
    {
        var spaceName = SubjectRules.SpaceOf(name);
        if (!_byName.TryGetValue(spaceName, out var space))
        {
            space = new(spaceName.ToArray());
            _spaces.Add(space.Name, space);
            Place(space, _shared.Views.PairOf(spaceName));
        }

        space.Patterns++;
        space.Version = ++_version;
        var pattern = new LocalPattern(space, _version);
        pattern.Entry = _patterns.Add(name, pattern, out _);
        return pattern;
    }

    private void LeaveOrStay(LocalPattern pattern)
    {
        pattern.IsLeaving = false;
        if (pattern.Subscribers > 0)
            return;
        if (pattern.LeftAt + InterestLimits.Linger > _shared.Now)
        {
            pattern.IsLeaving = true;
            _leaving.Enqueue((pattern.LeftAt + InterestLimits.Linger, pattern));
            return;
        }

        Span<byte> name = stackalloc byte[SubjectLimits.MaxBytes];
        name = name[.._patterns.WritePattern(pattern.Entry, name)];
        _patterns.Remove(pattern.Entry);
        var space = pattern.Space;
        space.Version = ++_version;
        Changed(space, name, pattern.Entry, isAdded: false);
        if (--space.Patterns > 0)
            return;
        _spaces.Remove(space.Name);
        _lagging.Remove(space);
    }

    private void Changed(LocalSpace space, ReadOnlySpan<byte> name, int entry, bool isAdded)
    {
        Changed(space, space.First, name, entry, isAdded);
        Changed(space, space.Second, name, entry, isAdded);
        if (space.IsLagging)
            _lagging.Add(space);
    }

    private void Changed(LocalSpace space, HomeLink? link, ReadOnlySpan<byte> name, int entry, bool isAdded)
    {
        if (link is null)
            return;
        if (link.Home != _shared.Self)
        {
            _teller.Changed(_shared.Peers[link.Home], space, link, name, entry, isAdded);
            return;
        }

        if (isAdded)
            _home.Add(_home.Here, name);
        else
            _home.Remove(_home.Here, name);
        _home.Told(_home.Here, space.Name, space.Version);
    }

    /// <summary>Confirms those that both homes reckon with; one that is silent is not waited for.</summary>
    private void Settle(LocalSpace space)
    {
        var limit = LimitOf(space);
        while (space.Waiting.First is { } waiting && waiting.Value.Version <= limit)
        {
            space.Waiting.RemoveFirst();
            _tickets.Remove(waiting.Value.Ticket);
            Confirm(space, waiting.Value.Ticket, waiting.Value.Version);
        }

        if (!space.IsLagging)
            _lagging.Remove(space);
    }

    private void Confirm(LocalSpace space, ulong ticket, ulong version)
    {
        _shared.Confirmed.Enqueue(ticket);
        _shared.Counters.Confirmed++;
        if (space.First?.Confirmed < version || space.Second?.Confirmed < version)
            _shared.Counters.ConfirmedAlone++;
    }

    /// <summary>All versions up to it are good; 0 where there is no home that could say so.</summary>
    private ulong LimitOf(LocalSpace space)
    {
        var limit = Math.Min(LimitOf(space, space.First, space.Second), LimitOf(space, space.Second, space.First));
        return limit == ulong.MaxValue ? 0 : limit;
    }

    private ulong LimitOf(LocalSpace space, HomeLink? link, HomeLink? other) =>
        link is null || (other is not null && link.Confirmed < space.Version && _silent.IsSilent(space, link, other)) ? ulong.MaxValue : link.Confirmed;

    private void Leave(LocalSpace space, HomeLink? link, HomePair pair)
    {
        if (link is null || pair.Contains(link.Home))
            return;
        if (link.Home == _shared.Self)
            _home.Leave(_home.Here, space.Name, _shared.Views.Version);
        else if (_shared.Find(link.Home) is { IsKnown: true } peer)
            _teller.Leave(peer, space);
    }

    private void Place(LocalSpace space, HomePair pair)
    {
        var first = LinkOf(space, pair.First);
        var second = LinkOf(space, pair.Second);
        (space.First, space.Second) = (first, second);
        space.AloneFrom = MonoTime.Zero;
        foreach (var home in (ReadOnlySpan<NodeId>)[pair.First, pair.Second])
        {
            if (!home.IsNone)
                space.AloneFrom = MonoTime.Max(space.AloneFrom, _shared.Views.TenureOf(space.Name, home).Since + InterestLimits.Settle);
        }

        _lagging.Add(space);
    }

    private HomeLink? LinkOf(LocalSpace space, NodeId home)
    {
        if (home.IsNone)
            return null;
        if (space.LinkTo(home) is { } known)
            return known;
        var link = new HomeLink(home);
        if (home == _shared.Self)
            space.IsNewHere = space.Patterns > 0;
        else
            _teller.Welcome(_shared.Peers[home], space, link);
        return link;
    }

    private void TellHere()
    {
        Span<byte> name = stackalloc byte[SubjectLimits.MaxBytes];
        for (var entry = 0; entry < _patterns.Limit; entry++)
        {
            if (_patterns[entry] is { Space.IsNewHere: true })
                _home.Add(_home.Here, name[.._patterns.WritePattern(entry, name)]);
        }

        foreach (var space in _spaces.Values)
        {
            if (!space.IsNewHere)
                continue;
            space.IsNewHere = false;
            _home.Told(_home.Here, space.Name, space.Version);
        }
    }
}
