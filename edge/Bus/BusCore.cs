using WeCan.Contracts;
using WeCan.Edge.Bus.Between;
using WeCan.Edge.Bus.Fanout;
using WeCan.Edge.Bus.Sessions;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.MessageBus.Protocol.Subjects;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus;

/// <summary>
/// The bus at one edge, without I/O and clock: its clients' sessions and what goes between them. Whoever has their connections
/// makes a <see cref="BusConnection"/> of each, hands in what comes, and takes what is to go of those that are
/// ready. A session that is lost and found again within its window misses nothing and gets nothing twice.
/// </summary>
internal sealed class BusCore(ulong seed)
{
    private readonly Dictionary<(string Space, string Client, PublisherName Name), BusSession> _sessions = [];
    private readonly Dictionary<(string Space, string Client), BusClientRecord> _clients = [];
    private readonly PriorityQueue<BusSession, MonoTime> _away = new();
    private readonly HashSet<BusSession> _ready = [];
    private readonly HashSet<Subscription> _pushing = [];
    private readonly Dictionary<ulong, Subscription> _unconfirmed = [];
    private MonoTime _lookAt = MonoTime.Never;
    private ulong _tickets;

    /// <summary>When something was last handed in.</summary>
    public MonoTime Now { get; set; }

    public BlockPool Blocks { get; } = new();

    /// <summary>Where a Realtime frame is written before it is sent.</summary>
    public FrameBatch Scratch { get; } = new();

    public Dispatcher Dispatcher { get; } = new(seed);

    /// <summary>What a client may have from now on.</summary>
    public ClientLimits Limits { get; set; } = ClientLimits.Default;

    public BusCounters Counters { get; } = new();

    /// <summary>What there is with other edges; null where there is nothing yet.</summary>
    public BusBetween? Between { get; set; }

    public int SessionCount => _sessions.Count;

    /// <summary>Of a subject, under what nobody knows.</summary>
    public ulong HashOf(ReadOnlySpan<byte> subject) => TokenHash.Of(seed, subject);

    public MonoTime NextTimeout => MonoTime.Min(_lookAt, _away.TryPeek(out _, out var until) ? until : MonoTime.Never);

    /// <summary>What may wait for all subscriptions of this edge's clients.</summary>
    public WaitingBudget Waiting { get; } = new(BusLimits.MaxWaitingInAll);

    /// <summary>A client's connection stands, and its token is good.</summary>
    public BusConnection Connect(ClientToken token, IConnectionOwner? owner = null, RealtimeSink? realtime = null) => new(this, token, owner, realtime);

    /// <summary>Sessions that were away for too long are over.</summary>
    public void HandleTimeout(MonoTime now)
    {
        Now = now;
        while (_away.TryPeek(out var session, out var until) && until <= now)
        {
            _away.Dequeue();
            if (session.Connection is null && session.Until == until)
                End(session);
        }

        if (_lookAt > now)
            return;
        _pushing.RemoveWhere(subscription => !subscription.LookAfter(now));
        _lookAt = _pushing.Count == 0 ? MonoTime.Never : now + BusLimits.PushBackLook;
    }

    /// <summary>Publishers wait for a subscription: it is looked after at once, and then now and again.</summary>
    public void LookAfter(Subscription subscription)
    {
        if (_pushing.Add(subscription) && _lookAt == MonoTime.Never)
            _lookAt = default;
    }

    /// <summary>Something is to be taken of the session's connection.</summary>
    public void MarkReady(BusSession session)
    {
        if (session.Connection is not null)
            _ready.Add(session);
    }

    /// <summary>Tells the owners of all connections that may have something to take since the last call.</summary>
    public void TellReady()
    {
        foreach (var session in _ready)
            session.Connection?.Owner?.OnReady();
        _ready.Clear();
    }

    /// <summary>Finds the session that a connection wants to carry, or makes one; false when there is no room for another.</summary>
    public bool TryAttach(BusConnection connection, PublisherName name, bool isResumption, ulong received, out bool isResumed)
    {
        isResumed = false;
        var key = KeyOf(connection.Token, name);
        if (_sessions.TryGetValue(key, out var session))
        {
            session.Connection?.End(GoodbyeReason.Replaced, "The session goes on over another connection."u8);
            isResumed = isResumption && session.Outbox.TryForget(received) && session.Outbox.TryRewind(received);
            if (!isResumed)
                End(session);
        }

        if (!isResumed)
        {
            var client = _clients.GetValueOrDefault((key.Space, key.Client)) ?? new();
            if (_sessions.Count >= BusLimits.MaxSessions || client.Sessions >= Limits.Sessions)
                return false;
            client.Sessions++;
            _clients[(key.Space, key.Client)] = client;
            session = new(this, client, connection.Token, name);
            _sessions.Add(key, session);
        }

        session!.Token = connection.Token;
        session.Connection = connection;
        session.Until = MonoTime.Never;
        session.Outbox.Restart();
        connection.Carry(session);
        session.Subscriptions.Return(Now, received);
        MarkReady(session);
        return true;
    }

    /// <summary>A session has lost its connection, and waits for another.</summary>
    public void Detach(MonoTime now, BusSession session)
    {
        session.Connection = null;
        session.Subscriptions.Leave();
        session.Until = now + SessionLimits.ResumeWindow;
        _away.Enqueue(session, session.Until);
    }

    /// <summary>A subscription is there. True when it is confirmed at once, as nobody else has to know of it.</summary>
    public bool Subscribe(MonoTime now, ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> group, Subscription subscription)
    {
        Dispatcher.Add(pattern, group, subscription);
        if (Between is null)
            return true;
        subscription.Ticket = ++_tickets;
        subscription.Pattern = pattern.ToArray();
        _unconfirmed.Add(subscription.Ticket, subscription);
        Between.Subscribe(now, pattern, subscription.Ticket);
        return false;
    }

    public void Unsubscribe(Subscription subscription)
    {
        Dispatcher.Remove(subscription);
        if (subscription.Ticket == 0)
            return;
        _unconfirmed.Remove(subscription.Ticket);
        Between?.Unsubscribe(subscription.Pattern, subscription.Ticket);
    }

    /// <summary>All edges know of a subscription that have to.</summary>
    public void ConfirmSubscription(ulong ticket)
    {
        if (!_unconfirmed.Remove(ticket, out var subscription))
            return;
        subscription.Session.Subscriptions.Confirm(subscription);
        MarkReady(subscription.Session);
    }

    /// <summary>Another edge has let go of messages of some spaces that were for this one: nobody can say for which subscriptions.</summary>
    public void TellLost(LostSpaces spaces)
    {
        foreach (var session in _sessions.Values)
        {
            if (!spaces.Contains(session.Token.Space))
                continue;
            session.Subscriptions.TellLost();
            MarkReady(session);
        }
    }

    public void End(BusSession session)
    {
        var key = KeyOf(session.Token, session.Name);
        if (!_sessions.Remove(key))
            return;
        if (--session.Client.Sessions == 0)
            _clients.Remove((key.Space, key.Client));
        session.Connection = null;
        session.EndAll();
    }

    private static (string Space, string Client, PublisherName Name) KeyOf(ClientToken token, PublisherName name) => (token.Space, token.Name, name);
}
