using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.Protocol.Crypto;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>
/// A client's side of the bus, without I/O and clock: what it is subscribed to and has published, over whatever connections, to
/// whatever edges, one after the other. One thread drives it: it says when a connection is there and gone, hands in what
/// came, and takes what is to go. Reliable messages are kept until an edge has confirmed them, and said again where they may be missing;
/// what comes twice is left out, by its publisher's numbers.
/// </summary>
internal sealed class BusClient : IFrameHandler
{
    private readonly IBusClientEvents _events;
    private readonly byte[] _session = new byte[HelloFrame.SessionBytes];
    private readonly FrameOutbox _orders;
    private readonly FrameOutbox _published;
    private readonly FrameInbox _inbox = new();
    private readonly ReceivedTeller _teller = new();
    private readonly KnownPublishers _publishers = new();
    private readonly Dictionary<uint, ClientSubscription> _subscriptions = [];
    private readonly FrameBatch _realtime = new();
    private ulong _realtimeNumber;
    private uint _lastId;
    private bool _hasSession;

    public BusClient(BlockPool pool, DeterministicRandom random, IBusClientEvents events)
    {
        _events = events;
        _orders = new(pool);
        _published = new(pool);
        random.Fill(_session);
    }

    public ClientState State { get; private set; }

    public MonoTime NextTimeout => _teller.NextTimeout;

    /// <summary>Bytes of Reliable messages that are not confirmed: whoever publishes waits where they are many.</summary>
    public long UnconfirmedBytes => _published.Held;

    /// <summary>Realtime messages that came and were let go of, as their reader was too far behind.</summary>
    public long RealtimeDropped { get; private set; }

    public ulong LastPublished => _published.Count;

    /// <summary>A connection stands: it begins with a greeting.</summary>
    public void Connect()
    {
        State = ClientState.Greeting;
        _inbox.Restart();
        _orders.Restart();
        _published.Restart();
        new HelloFrame { Version = FrameLimits.Version, Session = _session, IsResumption = _hasSession, Received = _inbox.Count }.Write(_orders.Once);
    }

    /// <summary>The connection is gone. What is asked for until the next one waits.</summary>
    public void Disconnect() => State = ClientState.Offline;

    /// <summary>The pattern was checked.</summary>
    public uint Subscribe(byte[] pattern, OverloadPolicy overload, byte[] group)
    {
        var subscription = new ClientSubscription(++_lastId, pattern, overload, group);
        _subscriptions.Add(subscription.Id, subscription);
        Say(subscription);
        return subscription.Id;
    }

    /// <summary>Nothing more is wanted, nor what is on its way.</summary>
    public void Unsubscribe(uint id)
    {
        if (!_subscriptions.Remove(id, out var subscription) || subscription.IsEnding)
            return;

        // A queue group's other members get what has not come, and that alone.
        TellReceived();
        Say(new UnsubscribeFrame(id, TakesRest: false));
    }

    /// <summary>Nothing more is wanted but what is on its way; that it has come is told.</summary>
    public void Drain(uint id)
    {
        if (!_subscriptions.TryGetValue(id, out var subscription) || subscription.IsEnding)
            return;
        subscription.IsEnding = true;
        Say(new UnsubscribeFrame(id, TakesRest: true));
    }

    /// <summary>The application has taken a message of this many bytes.</summary>
    public void Consume(uint id, int bytes)
    {
        if (_subscriptions.TryGetValue(id, out var subscription) && subscription.Consume(bytes) && State == ClientState.Ready)
            new CreditFrame(id, subscription.Granted).Write(_orders.Once);
    }

    /// <summary>Takes a Reliable message, whole; its number is told when it is settled.</summary>
    public ulong Publish(byte priority, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> extras)
    {
        var number = _published.Count + 1;
        var traits = new MessageTraits(Delivery.Reliable, priority);
        new PublishFrame { Number = number, Traits = traits, Subject = subject, Payload = payload, Extras = extras }.Write(_published.BeginCounted());
        _published.EndCounted();
        return number;
    }

    /// <summary>
    /// The frame of a Realtime message, to go by itself and at once, lent until the next call; false while there is no session, when it is
    /// worth nothing. It is said once and never confirmed.
    /// </summary>
    public bool TryPublishRealtime(byte priority, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> extras, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        _realtimeNumber++;
        if (State != ClientState.Ready)
            return false;
        _realtime.Clear();
        new PublishFrame { Number = _realtimeNumber, Traits = new(Delivery.Realtime, priority), Subject = subject, Payload = payload, Extras = extras }.Write(_realtime);
        frame = _realtime.Bytes;
        return true;
    }

    /// <summary>A Realtime message came beside the frames that are in order. False when it is none, as for <see cref="TryHandle(MonoTime, ReadOnlySpan{byte})"/>.</summary>
    public bool TryHandleRealtime(MonoTime deadline, ReadOnlySpan<byte> message)
    {
        if (Frame.TryRead(message, out var frame, out var size) != FrameResult.Read || size != message.Length || frame.Kind != FrameKind.Realtime)
            return false;
        return State != ClientState.Ready || TryHandleRealtime(deadline, frame);
    }

    /// <summary>The application has taken a Realtime message of this many bytes, or let go of it.</summary>
    public void ConsumeRealtime(uint id, int bytes)
    {
        if (_subscriptions.TryGetValue(id, out var subscription))
            subscription.ConsumeRealtime(bytes);
    }

    /// <summary>Says a Realtime message's frame in line with the others, on a connection that has no other way.</summary>
    public void SayInLine(ReadOnlySpan<byte> frame)
    {
        if (State == ClientState.Ready)
            _orders.Once.Append(frame);
    }

    /// <summary>Asks the edge whether it is there.</summary>
    public void Ping()
    {
        if (State == ClientState.Ready)
            new NumberFrame(FrameKind.Ping, 0).Write(_orders.Once);
    }

    /// <summary>Nothing more is wanted: the session ends with what is taken next.</summary>
    public void Leave()
    {
        TellReceived();
        if (State == ClientState.Ready)
            new GoodbyeFrame { Reason = GoodbyeReason.Done }.Write(_orders.Once);
    }

    /// <summary>False: the other end is no edge, or is broken; let the connection go.</summary>
    public bool TryHandle(MonoTime now, ReadOnlySpan<byte> piece)
    {
        var self = this;
        var before = _inbox.Count;
        if (!_inbox.TryRead(piece, ref self))
            return false;
        if (_teller.ShouldTell(now, _inbox.Count - before, piece.Length))
            TellReceived();
        return true;
    }

    public void HandleTimeout(MonoTime now)
    {
        if (_teller.IsDue(now))
            TellReceived();
    }

    /// <summary>The next bytes for the connection, lent until the next call.</summary>
    public bool TryTake(int most, out ReadOnlySpan<byte> piece)
    {
        piece = default;
        if (State == ClientState.Offline)
            return false;
        if (!_published.IsCut && _orders.TryTake(most, State == ClientState.Greeting, out piece))
            return true;
        return State == ClientState.Ready && _published.TryTake(most, onlyOnce: false, out piece);
    }

    public bool TryHandle(in Frame frame) => frame.Kind switch
    {
        FrameKind.Welcome => State == ClientState.Greeting && WelcomeFrame.TryRead(frame, out var welcome) && TryWelcome(welcome),
        FrameKind.Goodbye => GoodbyeFrame.TryRead(frame, out var goodbye) && TrySayGoodbye(goodbye),
        _ => State == ClientState.Ready && TryHandleReady(frame),
    };

    private bool TryHandleReady(in Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Message:
                return TryHandleMessage(frame);
            case FrameKind.Realtime:
                return TryHandleRealtime(MonoTime.Never, frame);
            case FrameKind.Publisher:
                return PublisherFrame.TryRead(frame, out var publisher) && _publishers.TrySet(publisher.Number, publisher.Session);
            case FrameKind.Gap:
                if (!GapFrame.TryRead(frame, out var gap))
                    return false;
                if (_subscriptions.ContainsKey(gap.Id))
                    _events.OnGap(gap.Id, gap.Missed, gap.Reason);
                return true;
            case FrameKind.Refused:
                return RefusedFrame.TryRead(frame, out var refused) && TryRefuse(refused);
            case FrameKind.Ping:
                if (!NumberFrame.TryRead(frame, out var ping))
                    return false;
                new NumberFrame(FrameKind.Pong, ping.Number).Write(_orders.Once);
                return true;
            case FrameKind.Subscribed or FrameKind.Confirmed or FrameKind.Accepted or FrameKind.Received or FrameKind.Ended:
                return NumberFrame.TryRead(frame, out var number) && TryHandleNumber(number);
            default:
                return true;
        }
    }

    private bool TryWelcome(in WelcomeFrame welcome)
    {
        if (welcome.IsResumed && !(_hasSession && _orders.TryForget(welcome.Received) && _orders.TryRewind(welcome.Received) && _published.TryRewind(Math.Max(welcome.Published, _published.Received))))
            return false;
        State = ClientState.Ready;
        var isMove = _hasSession && !welcome.IsResumed;
        if (welcome.IsResumed)
            SayCredit();
        else
            Begin();
        _hasSession = true;
        _events.OnReady(welcome);
        if (welcome.IsResumed)
            _events.OnAccepted(welcome.Published);
        if (!isMove)
            return true;
        foreach (var (id, subscription) in _subscriptions)
        {
            if (subscription.WasConfirmed)
                _events.OnGap(id, missed: 0, GapReason.Moved);
        }

        return true;
    }

    /// <summary>A session from its beginning: all that is wanted is said, and what no edge has confirmed.</summary>
    private void Begin()
    {
        _inbox.Begin(count: 0);
        _orders.Clear();
        _publishers.ForgetNumbers();
        _published.TryRewind(_published.Received);
        foreach (var subscription in _subscriptions.Values)
        {
            // What was on its way to one that was to end went with the session before.
            if (subscription.IsEnding)
                End(subscription.Id);
            else
                Say(subscription);
        }
    }

    private void End(uint id)
    {
        if (_subscriptions.Remove(id))
            _events.OnEnded(id);
    }

    private void Say(in UnsubscribeFrame unsubscribe)
    {
        unsubscribe.Write(_orders.BeginCounted());
        _orders.EndCounted();
    }

    /// <summary>What was granted on a connection before may have been lost with it.</summary>
    private void SayCredit()
    {
        foreach (var (id, subscription) in _subscriptions)
            new CreditFrame(id, subscription.Granted).Write(_orders.Once);
    }

    private void Say(ClientSubscription subscription)
    {
        subscription.Restart();
        new SubscribeFrame
        {
            Id = subscription.Id,
            Pattern = subscription.Pattern,
            Overload = subscription.Overload,
            Group = subscription.Group,
            Credit = subscription.Granted,
        }.Write(_orders.BeginCounted());
        _orders.EndCounted();
    }

    private bool TryHandleNumber(in NumberFrame number)
    {
        if (number.Kind == FrameKind.Received)
            return _orders.TryForget(number.Number);
        if (number.Kind == FrameKind.Accepted)
        {
            if (number.Number > _published.Count)
                return false;
            _events.OnAccepted(number.Number);
            return true;
        }

        if (number.Kind == FrameKind.Confirmed)
        {
            var before = _published.Received;
            if (!_published.TryForget(number.Number))
                return false;
            if (_published.Received > before)
                _events.OnConfirmed(number.Number);
            return true;
        }

        var id = (uint)Math.Min(number.Number, uint.MaxValue);
        if (number.Kind == FrameKind.Ended)
        {
            End(id);
        }
        else if (_subscriptions.TryGetValue(id, out var subscription))
        {
            subscription.WasConfirmed = true;
            _events.OnSubscribed(subscription.Id);
        }

        return true;
    }

    private bool TryRefuse(in RefusedFrame refused)
    {
        if (refused.What == FrameKind.Subscribe && !_subscriptions.Remove((uint)Math.Min(refused.Number, uint.MaxValue)))
            return true;
        _events.OnRefused(refused.What, refused.Number, refused.Reason, refused.Words);
        return true;
    }

    private bool TryHandleMessage(in Frame frame)
    {
        Span<uint> targets = stackalloc uint[FrameLimits.MaxTargets];
        if (!MessageFrame.TryRead(frame, targets, out var message) || message.Traits.Delivery != Delivery.Reliable || !_publishers.TryGet(message.Publisher, out var publisher))
            return false;
        foreach (var target in message.Targets)
        {
            // What is on its way to a subscription that is over is nobody's.
            if (!_subscriptions.TryGetValue(target, out var subscription))
                continue;
            if (subscription.TryTake(publisher, message.Number, message.Payload.Length))
                _events.OnMessage(target, _publishers.NameOf(publisher), message);
            else
                Consume(target, message.Payload.Length);
        }

        return true;
    }

    private bool TryHandleRealtime(MonoTime deadline, in Frame frame)
    {
        Span<uint> targets = stackalloc uint[FrameLimits.MaxTargets];
        if (!MessageFrame.TryRead(frame, targets, out var message) || message.Traits.Delivery != Delivery.Realtime)
            return false;
        foreach (var target in message.Targets)
        {
            if (!_subscriptions.TryGetValue(target, out var subscription))
                continue;
            if (subscription.TryTakeRealtime(message.Payload.Length))
                _events.OnRealtime(target, _publishers.TryGet(message.Publisher, out var publisher) ? _publishers.NameOf(publisher) : default, message, deadline);
            else
                RealtimeDropped++;
        }

        return true;
    }

    private bool TrySayGoodbye(in GoodbyeFrame goodbye)
    {
        _events.OnGoodbye(goodbye.Reason, goodbye.Words);
        return true;
    }

    private void TellReceived()
    {
        _teller.Told();
        if (State == ClientState.Ready)
            new NumberFrame(FrameKind.Received, _inbox.Count).Write(_orders.Once);
    }
}
