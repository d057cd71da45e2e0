using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus.Fanout;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.MessageBus.Protocol.Subjects;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>
/// A client's session at this edge, over as many connections as it takes: its subscriptions, what it has published, and what it has not
/// said to have received. It outlives a lost connection by <see cref="SessionLimits.ResumeWindow"/>.
/// </summary>
internal sealed class BusSession(BusCore core, ClientToken token, PublisherName name)
{
    private readonly Dictionary<uint, Subscription> _subscriptions = [];
    private readonly Queue<Subscription> _waiting = new();
    private readonly PublisherNumbers _publishers = new();
    private readonly OrderBudget _orders = new();
    private ulong _confirmed;

    public PublisherName Name { get; } = name;

    public ClientToken Token { get; set; } = token;

    /// <summary>The connection that it is on; none while the client is away.</summary>
    public BusConnection? Connection { get; set; }

    /// <summary>When the client was last here; never past while it is.</summary>
    public MonoTime Until { get; set; } = MonoTime.Never;

    public FrameOutbox Outbox { get; } = new(core.Blocks);

    /// <summary>Counted frames that came, over all connections.</summary>
    public ulong Received { get; set; }

    /// <summary>The last Reliable message that came.</summary>
    public ulong Published { get; private set; }

    /// <summary>Of the message that is being dispatched: the subscriptions that want it.</summary>
    public List<Subscription> Matched { get; } = [];

    public int SubscriptionCount => _subscriptions.Count;

    private bool IsFull => Outbox.Held >= BusLimits.MaxUnreceived;

    /// <summary>A frame of a client that was greeted; false when it may not come.</summary>
    public bool TryHandle(MonoTime now, in Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Publish:
                return PublishFrame.TryRead(frame, out var publish) && TryPublish(publish);
            case FrameKind.Subscribe:
                return SubscribeFrame.TryRead(frame, out var subscribe) && TrySubscribe(now, subscribe);
            case FrameKind.Unsubscribe:
                return NumberFrame.TryRead(frame, out var unsubscribe) && TryUnsubscribe(unsubscribe.Number);
            case FrameKind.Credit:
                return CreditFrame.TryRead(frame, out var credit) && TryGrant(credit);
            case FrameKind.Received:
                if (!NumberFrame.TryRead(frame, out var received) || !Outbox.TryForget(received.Number))
                    return false;
                Drain();
                return true;
            case FrameKind.Ping:
                if (!NumberFrame.TryRead(frame, out var ping))
                    return false;
                new NumberFrame(FrameKind.Pong, ping.Number).Write(Outbox.Once);
                return true;
            default:
                return true;
        }
    }

    /// <summary>What came in one piece is handled: its messages are confirmed together.</summary>
    public void Confirm()
    {
        if (_confirmed == Published)
            return;
        _confirmed = Published;
        Say(new NumberFrame(FrameKind.Confirmed, Published));
    }

    /// <summary>Hands a message to those that <see cref="Matched"/> names, which is empty then.</summary>
    public void Deliver(in BusMessage message)
    {
        Span<uint> targets = stackalloc uint[FrameLimits.MaxTargets];
        var count = 0;
        foreach (var subscription in Matched)
        {
            if (IsFull || !subscription.TrySpend(message.Payload.Length))
            {
                Hold(subscription, message);
                continue;
            }

            targets[count++] = subscription.Id;
            if (count < targets.Length)
                continue;
            Write(message, targets);
            count = 0;
        }

        if (count > 0)
            Write(message, targets[..count]);
        Matched.Clear();
        core.MarkReady(this);
    }

    public void EndAll()
    {
        foreach (var subscription in _subscriptions.Values)
            core.Dispatcher.Remove(subscription);
        _subscriptions.Clear();
        _waiting.Clear();
        Outbox.Clear();
    }

    private bool TryPublish(in PublishFrame publish)
    {
        if (publish.Traits.Delivery == Delivery.Reliable)
        {
            // What came before comes again where its confirmation was lost with an edge or a connection.
            if (publish.Number <= Published)
                return true;
            if (Published != 0 && publish.Number != Published + 1)
                return false;
            Published = publish.Number;
        }

        if (!TryCheck(publish, out var reason, out var words))
        {
            Refuse(FrameKind.Publish, publish.Number, reason, words);
            return true;
        }

        core.Counters.MessagesIn++;
        core.Dispatcher.Dispatch(new()
        {
            Publisher = Name,
            Number = publish.Number,
            Traits = publish.Traits,
            Subject = publish.Subject,
            Payload = publish.Payload,
            Extras = publish.Extras,
        });
        return true;
    }

    private bool TryCheck(in PublishFrame publish, out RefusalReason reason, out string words)
    {
        (reason, words) = (default, "");
        var fault = SubjectRules.CheckSubject(publish.Subject);
        if (fault != SubjectFault.None)
            (reason, words) = (RefusalReason.BadName, NameFaults.Describe(fault, "subject"));
        else if (publish.Payload.Length > BusLimits.MaxPayload)
            (reason, words) = (RefusalReason.TooLong, $"The message has {publish.Payload.Length} bytes; at most {BusLimits.MaxPayload} are taken.");
        else if (!Token.Publish.Allows(publish.Subject))
            (reason, words) = (RefusalReason.NotAllowed, $"The token does not let its client publish to {Encoding.UTF8.GetString(publish.Subject)}.");
        return words.Length == 0;
    }

    private bool TrySubscribe(MonoTime now, in SubscribeFrame subscribe)
    {
        if (_subscriptions.ContainsKey(subscribe.Id))
            return false;
        var fault = SubjectRules.CheckPattern(subscribe.Pattern);
        if (fault != SubjectFault.None)
            Refuse(FrameKind.Subscribe, subscribe.Id, RefusalReason.BadName, NameFaults.Describe(fault, "pattern"));
        else if (!Token.Subscribe.AllowsAll(subscribe.Pattern))
            Refuse(FrameKind.Subscribe, subscribe.Id, RefusalReason.NotAllowed, $"The token does not let its client subscribe to {Encoding.UTF8.GetString(subscribe.Pattern)}.");
        else if (_subscriptions.Count == BusLimits.MaxSubscriptions)
            Refuse(FrameKind.Subscribe, subscribe.Id, RefusalReason.TooMany, $"A session has at most {BusLimits.MaxSubscriptions} subscriptions.");
        else if (!_orders.TrySpend(now))
            Refuse(FrameKind.Subscribe, subscribe.Id, RefusalReason.TooMany, $"A client may subscribe {BusLimits.OrdersPerSecond} times a second.");
        else
            Accept(subscribe);
        return true;
    }

    private void Accept(in SubscribeFrame subscribe)
    {
        var subscription = new Subscription(this, subscribe.Id, subscribe.Overload, subscribe.Credit);
        _subscriptions.Add(subscribe.Id, subscription);
        core.Dispatcher.Add(subscribe.Pattern, subscription);
        Say(new NumberFrame(FrameKind.Subscribed, subscribe.Id));
    }

    private bool TryUnsubscribe(ulong id)
    {
        if (id <= uint.MaxValue && _subscriptions.Remove((uint)id, out var subscription))
            core.Dispatcher.Remove(subscription);
        return true;
    }

    private bool TryGrant(in CreditFrame credit)
    {
        if (!_subscriptions.TryGetValue(credit.Id, out var subscription))
            return true;
        subscription.Grant(credit.Total);
        if (subscription.IsWaiting)
            Drain();
        return true;
    }

    private void Refuse(FrameKind what, ulong number, RefusalReason reason, string words)
    {
        core.Counters.Refuse(reason);
        new RefusedFrame { What = what, Number = number, Reason = reason, Words = Encoding.UTF8.GetBytes(words) }.Write(Outbox.BeginCounted());
        Outbox.EndCounted();
    }

    private void Hold(Subscription subscription, in BusMessage message)
    {
        if (!subscription.IsWaiting)
            _waiting.Enqueue(subscription);
        subscription.Waiting.Add(message.Keep());
    }

    /// <summary>Sends what waits and may go, the subscriptions by turns.</summary>
    private void Drain()
    {
        for (var turns = _waiting.Count; turns > 0 && !IsFull; turns--)
        {
            var subscription = _waiting.Dequeue();
            if (!_subscriptions.TryGetValue(subscription.Id, out var known) || known != subscription)
                continue;
            if (subscription.TakeMissed() is > 0 and var missed)
                Say(new GapFrame(subscription.Id, missed, GapReason.Overload));
            while (!IsFull && subscription.TryTakeWaiting(out var waiting))
                Write(BusMessage.Of(waiting), [subscription.Id]);
            if (subscription.IsWaiting)
                _waiting.Enqueue(subscription);
            else
                subscription.ForgetQueue();
        }
    }

    private void Write(in BusMessage message, ReadOnlySpan<uint> targets)
    {
        core.Counters.MessagesOut += targets.Length;
        var publisher = _publishers.Get(message.Publisher, out var isNew);
        if (isNew)
        {
            Span<byte> session = stackalloc byte[HelloFrame.SessionBytes];
            message.Publisher.Write(session);
            new PublisherFrame { Number = publisher, Session = session }.Write(Outbox.BeginCounted());
            Outbox.EndCounted();
        }

        new MessageFrame
        {
            Targets = targets,
            Publisher = publisher,
            Number = message.Number,
            Traits = message.Traits,
            Subject = message.Subject,
            Payload = message.Payload,
            Extras = message.Extras,
        }.Write(Outbox.BeginCounted());
        Outbox.EndCounted();
    }

    private void Say(in NumberFrame frame)
    {
        frame.Write(Outbox.BeginCounted());
        Outbox.EndCounted();
    }

    private void Say(in GapFrame frame)
    {
        frame.Write(Outbox.BeginCounted());
        Outbox.EndCounted();
    }
}
