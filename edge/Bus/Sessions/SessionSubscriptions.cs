using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus.Fanout;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>What a client is subscribed to in its session, and what waits for it until there is room and credit.</summary>
internal sealed class SessionSubscriptions(BusCore core, BusSession session)
{
    private readonly Dictionary<uint, Subscription> _subscriptions = [];
    private readonly Queue<Subscription> _waiting = new();
    private readonly WaitingBudget _budget = new(BusLimits.MaxWaitingOfSession, core.Waiting);

    /// <summary>Of the message that is being dispatched: the subscriptions that want it.</summary>
    public List<Subscription> Matched { get; } = [];

    public int Count => _subscriptions.Count;

    /// <summary>Hands a message to those that <see cref="Matched"/> names, which is empty then.</summary>
    public void Deliver(MonoTime now, in BusMessage message)
    {
        if (message.Traits.Delivery == Delivery.Realtime)
        {
            DeliverRealtime(now, message);
            return;
        }

        Span<uint> targets = stackalloc uint[FrameLimits.MaxTargets];
        var count = 0;
        foreach (var subscription in Matched)
        {
            if (session.Sender.IsFull || !subscription.TrySpend(message.Payload.Length))
            {
                Hold(subscription, message);
                continue;
            }

            targets[count++] = subscription.Id;
            if (count < targets.Length)
                continue;
            session.Sender.Send(message, targets);
            count = 0;
        }

        if (count > 0)
            session.Sender.Send(message, targets[..count]);
        Matched.Clear();
        core.MarkReady(session);
    }

    public void EndAll()
    {
        foreach (var subscription in _subscriptions.Values)
            End(subscription);
        _subscriptions.Clear();
        _waiting.Clear();
    }

    /// <summary>False when the frame may not come.</summary>
    public bool TrySubscribe(MonoTime now, in SubscribeFrame subscribe)
    {
        if (_subscriptions.ContainsKey(subscribe.Id))
            return false;
        var fault = SubjectRules.CheckPattern(subscribe.Pattern);
        if (fault != SubjectFault.None)
            Refuse(subscribe.Id, RefusalReason.BadName, NameFaults.Describe(fault, "pattern"));
        else if (!session.Token.Subscribe.AllowsAll(subscribe.Pattern) && !subscribe.Pattern.StartsWith(session.Inbox))
            Refuse(subscribe.Id, RefusalReason.NotAllowed, $"The token does not let its client subscribe to {Encoding.UTF8.GetString(subscribe.Pattern)}.");
        else if (_subscriptions.Count == BusLimits.MaxSubscriptions)
            Refuse(subscribe.Id, RefusalReason.TooMany, $"A session has at most {BusLimits.MaxSubscriptions} subscriptions.");
        else if (!session.Client.Orders.TrySpend(now))
            Refuse(subscribe.Id, RefusalReason.TooMany, $"A client may subscribe {BusLimits.OrdersPerSecond} times a second.");
        else
            Accept(subscribe);
        return true;
    }

    public void Unsubscribe(ulong id)
    {
        if (id <= uint.MaxValue && _subscriptions.Remove((uint)id, out var subscription))
            End(subscription);
    }

    public void Grant(MonoTime now, in CreditFrame credit)
    {
        if (!_subscriptions.TryGetValue(credit.Id, out var subscription))
            return;
        subscription.Grant(credit.Total);
        if (subscription.IsWaiting)
            Drain(now);
    }

    /// <summary>Sends what waits and may go, the subscriptions by turns.</summary>
    public void Drain(MonoTime now)
    {
        for (var turns = _waiting.Count; turns > 0 && !session.Sender.IsFull; turns--)
        {
            var subscription = _waiting.Dequeue();
            if (!_subscriptions.TryGetValue(subscription.Id, out var known) || known != subscription)
                continue;
            while (!session.Sender.IsFull && subscription.TryTakeWaiting(now, out var waiting))
            {
                SayMissed(subscription);
                session.Sender.Send(BusMessage.Of(waiting), [subscription.Id]);
            }

            SayMissed(subscription);
            if (subscription.KeepQueue())
                _waiting.Enqueue(subscription);
        }
    }

    /// <summary>It goes at once or not at all.</summary>
    private void DeliverRealtime(MonoTime now, in BusMessage message)
    {
        Span<uint> targets = stackalloc uint[FrameLimits.MaxTargets];
        for (var next = 0; next < Matched.Count;)
        {
            var count = 0;
            while (next < Matched.Count && count < targets.Length)
                targets[count++] = Matched[next++].Id;
            session.Sender.SendRealtime(now, session.Connection, message, targets[..count]);
        }

        Matched.Clear();
        core.MarkReady(session);
    }

    private void Accept(in SubscribeFrame subscribe)
    {
        var subscription = new Subscription(session, subscribe.Id, subscribe.Overload, subscribe.Credit);
        _subscriptions.Add(subscribe.Id, subscription);
        core.Dispatcher.Add(subscribe.Pattern, subscription);
        session.Sender.Say(new NumberFrame(FrameKind.Subscribed, subscribe.Id));
    }

    private void End(Subscription subscription)
    {
        core.Dispatcher.Remove(subscription);
        subscription.DropQueue();
    }

    private void Refuse(uint id, RefusalReason reason, string words) =>
        session.Sender.Say(new RefusedFrame { What = FrameKind.Subscribe, Number = id, Reason = reason, Words = Encoding.UTF8.GetBytes(words) });

    private void Hold(Subscription subscription, in BusMessage message)
    {
        if (!subscription.IsWaiting)
            _waiting.Enqueue(subscription);
        subscription.Hold(message.Keep(), _budget);
        if (subscription.IsPushing)
            core.LookAfter(subscription);
    }

    private void SayMissed(Subscription subscription)
    {
        subscription.TakeMissed(out var overload, out var expired);
        session.Sender.SayMissed(subscription.Id, overload, GapReason.Overload);
        session.Sender.SayMissed(subscription.Id, expired, GapReason.Expired);
    }
}
