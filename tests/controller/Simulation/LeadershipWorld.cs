using WeCan.Contracts;
using WeCan.Controller.Service;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Simulation;

/// <summary>
/// Three controllers and the lease that they share, in virtual time: their ways to the database open and close, with and without a word,
/// what they ask arrives late or not at all, they lose each other, and die and start. After each such time it is quiet for a while, and
/// then each of them has to be where it belongs.
/// </summary>
internal sealed class LeadershipWorld
{
    /// <summary>By then all that was under way in a bad time has come to its end: reading takes longest, and may have to be done anew.</summary>
    private static readonly Duration Settles = (Of(StoreLimits.DatabaseLoad) * 2) + (Of(StoreLimits.DatabaseAnswer) * 3);

    private readonly PriorityQueue<Action, (MonoTime Time, long Order)> _events = new();
    private readonly Random _random;
    private readonly bool[,] _hears;
    private long _order;
    private long _token;
    private string _holder = "";
    private MonoTime _expires;

    public LeadershipWorld(int seed)
    {
        _random = new(seed);
        Peers = [new(this, "c1"), new(this, "c2"), new(this, "c3")];
        _hears = new bool[Peers.Count, Peers.Count];
        Heal();
        foreach (var peer in Peers)
            peer.Start();
    }

    public IReadOnlyList<LeadershipPeer> Peers { get; }

    /// <summary>There is much to read, or the database is slow.</summary>
    public bool ReadsLong { get; init; }

    public MonoTime Now { get; private set; } = MonoTime.FromSeconds(1);

    public static Duration Of(TimeSpan span) => new(span.Ticks * 100);

    /// <summary>Bad times and quiet ones in turn.</summary>
    public void Run(int times)
    {
        for (var i = 0; i < times; i++)
        {
            for (var faults = _random.Next(1, 12); faults > 0; faults--)
            {
                Fail();
                Pass(Duration.FromMilliseconds(_random.Next(0, 3_000)));
            }

            if (_random.Next(4) == 0)
                Heal();
            Pass(Settles);
            CheckAll();
        }
    }

    /// <summary>All is well until one leads; then that one dies.</summary>
    /// <returns>What it took until another one led.</returns>
    public Duration TakeOver()
    {
        Pass(Settles + Duration.FromMilliseconds(_random.Next(0, 1_000)));
        Peers.Single(peer => peer.Mode == LoopMode.Leads).Kill();
        var died = Now;
        while (!Peers.Any(peer => peer is { IsAlive: true, Mode: LoopMode.Leads }))
            Pass(Duration.FromMilliseconds(1));
        return Now - died;
    }

    public void At(MonoTime time, Action what) => _events.Enqueue(what, (time, _order++));

    public Duration Delay() => Duration.FromMilliseconds(_random.NextDouble() * 50);

    public Duration LongDelay() => Duration.FromMilliseconds(_random.NextDouble() * 6_000);

    public Duration LoadTime() => Duration.FromMilliseconds(ReadsLong && _random.Next(8) == 0 ? _random.Next(8_000) : _random.Next(100));

    public bool IsLucky() => _random.Next(2) == 0;

    public LeaseAnswer Take(string name)
    {
        if (_expires > Now)
            return new(null, _holder);
        (_token, _holder, _expires) = (_token + 1, name, Now + Of(ServiceLimits.LeaseLife));
        return new(_token, name);
    }

    public LeaseAnswer Renew(string name, long token)
    {
        if (token != _token)
            return new(null, _holder);
        _expires = Now + Of(ServiceLimits.LeaseLife);
        return new(token, name);
    }

    public LeaseAnswer Release(long token)
    {
        if (token == _token)
            _expires = MonoTime.Zero;
        return default;
    }

    public bool Commit(long token) => token == _token;

    /// <summary>Who says to a peer that it leads, and when all have answered or are waited for no more.</summary>
    public (string? Leader, Duration After) Leads(LeadershipPeer asker)
    {
        var heard = Peers.Where(peer => peer != asker && peer.IsAlive && Hears(asker, peer)).ToList();
        return (heard.Find(peer => peer.Mode == LoopMode.Leads)?.Name, heard.Count == Peers.Count - 1 ? Delay() : Of(ServiceLimits.LeaderAnswer));
    }

    private void Pass(Duration time)
    {
        var end = Now + time;
        while (_events.TryPeek(out _, out var next) && next.Time <= end)
        {
            Now = MonoTime.Max(Now, next.Time);
            _events.Dequeue()();
            foreach (var peer in Peers)
                CheckCutOff(peer);
        }

        Now = end;
    }

    private void Fail()
    {
        var (peer, other) = (_random.Next(Peers.Count), _random.Next(Peers.Count));
        switch (_random.Next(5))
        {
            case 0:
                Peers[peer].Kill();
                break;
            case 1:
                Peers[peer].Kill();
                Peers[peer].Start();
                break;
            case 2:
                _hears[peer, other] = _hears[other, peer] = IsLucky();
                break;
            default:
                Peers[peer].Set((DatabaseWay)_random.Next(3));
                break;
        }
    }

    private void Heal()
    {
        foreach (var peer in Peers)
            peer.Set(DatabaseWay.Open);
        for (var i = 0; i < _hears.Length; i++)
            _hears[i / Peers.Count, i % Peers.Count] = true;
    }

    private bool Hears(LeadershipPeer one, LeadershipPeer other) => _hears[Index(one), Index(other)];

    private int Index(LeadershipPeer peer) => Peers[0] == peer ? 0 : Peers[1] == peer ? 1 : 2;

    /// <summary>Whoever cannot ask the database leads for no longer than a lease lives.</summary>
    private void CheckCutOff(LeadershipPeer peer) =>
        Assert.False(
            peer is { IsAlive: true, Mode: LoopMode.Leads } && peer.Way != DatabaseWay.Open && Now > peer.ClosedAt + Of(ServiceLimits.LeaseLife),
            $"{peer.Name} leads at {Now}, and is cut off since {peer.ClosedAt}.");

    private void CheckAll()
    {
        var reaching = Peers.Where(peer => peer is { IsAlive: true, Way: DatabaseWay.Open }).ToList();
        var leaders = Peers.Where(peer => peer is { IsAlive: true, Mode: LoopMode.Leads }).ToList();
        Assert.True(leaders.Count == Math.Min(1, reaching.Count), $"{leaders.Count} lead at {Now}, and {string.Join(", ", reaching.Select(peer => $"{peer.Name} ({peer.Post}, {peer.Mode})"))} reach the database, whose lease {_token} is {_holder}'s until {_expires}.");
        foreach (var peer in reaching.Except(leaders))
            Check(peer, LoopMode.StandsBy, leaders[0].Name);
        foreach (var peer in Peers.Where(peer => peer.IsAlive && peer.Way != DatabaseWay.Open))
        {
            if (!peer.LedLast)
                Check(peer, LoopMode.StandsBy, "");
            else if (leaders.Count == 1 && Hears(peer, leaders[0]))
                Check(peer, LoopMode.StandsBy, leaders[0].Name);
            else
                Check(peer, LoopMode.ReadOnly, peer.Name);
        }
    }

    private void Check(LeadershipPeer peer, LoopMode mode, string leader) =>
        Assert.True((peer.Mode, peer.Leader) == (mode, leader), $"{peer.Name} at {Now} is {peer.Mode} with \"{peer.Leader}\" ({peer.Post}), and should be {mode} with \"{leader}\".");
}
