using System.Text;
using System.Text.Unicode;
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
    private GroupWork? _work;

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
        var hasMembers = false;
        foreach (var subscription in Matched)
        {
            if (IsHeld(subscription) || !subscription.TrySpend(message.Payload.Length))
            {
                Hold(subscription, message);
                continue;
            }

            hasMembers |= subscription.Group is not null;
            targets[count++] = subscription.Id;
            if (count < targets.Length)
                continue;
            session.Sender.Send(message, targets);
            count = 0;
        }

        if (count > 0)
            session.Sender.Send(message, targets[..count]);
        if (hasMembers)
            NoteWork(message);
        Matched.Clear();
        core.MarkReady(session);
    }

    public void EndAll()
    {
        foreach (var subscription in _subscriptions.Values)
            core.Unsubscribe(subscription);
        foreach (var (member, message) in _work?.TakeAll() ?? [])
            Give(core.Dispatcher.Choose(member.Group!.Group, message.Subject), message);
        foreach (var subscription in _subscriptions.Values)
        {
            GiveWaiting(subscription, isOver: true);
            subscription.DropQueue();
        }

        session.Client.Subscriptions -= _subscriptions.Count;
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
        else if (!Utf8.IsValid(subscribe.Group))
            Refuse(subscribe.Id, RefusalReason.BadName, "The queue group's name is no UTF-8.");
        else if (!session.Token.Subscribe.AllowsAll(subscribe.Pattern) && !subscribe.Pattern.StartsWith(session.Inbox))
            Refuse(subscribe.Id, RefusalReason.NotAllowed, $"The token does not let its client subscribe to {Encoding.UTF8.GetString(subscribe.Pattern)}.");
        else if (session.Client.Subscriptions >= core.Limits.Subscriptions)
            Refuse(subscribe.Id, RefusalReason.TooMany, $"A client has at most {core.Limits.Subscriptions} subscriptions at this edge (bus.limits.subscriptions).");
        else if (!session.Client.Orders.TrySpend(now, core.Limits))
            Refuse(subscribe.Id, RefusalReason.TooMany, $"A client may subscribe {core.Limits.SubscriptionsPerSecond} times a second (bus.limits.subscriptions_per_second).");
        else
            Accept(now, subscribe);
        return true;
    }

    /// <summary>What a client still takes comes before the answer; the rest is for the other members of its group.</summary>
    public void Unsubscribe(in UnsubscribeFrame unsubscribe)
    {
        if (_subscriptions.Remove(unsubscribe.Id, out var subscription))
        {
            session.Client.Subscriptions--;
            core.Unsubscribe(subscription);
            if (!unsubscribe.TakesRest)
                GiveSent(subscription);
            GiveWaiting(subscription, isOver: true);
            SayMissed(subscription);
            subscription.DropQueue();
        }

        session.Sender.Say(new NumberFrame(FrameKind.Ended, unsubscribe.Id));
    }

    /// <summary>The client is away: what waits for it as a member of groups goes to others who are there.</summary>
    public void Leave()
    {
        foreach (var subscription in _waiting)
            GiveWaiting(subscription, isOver: false);
    }

    /// <summary>The client is back and has the first so many frames: it gets what waits, also for members of its groups who are away.</summary>
    public void Return(MonoTime now, ulong received)
    {
        Forget(now, received);
        foreach (var subscription in _subscriptions.Values)
            Relieve(subscription);
    }

    /// <summary>The client has the first so many frames, so that there is room for others.</summary>
    public void Forget(MonoTime now, ulong received)
    {
        _work?.Forget(received);
        Drain(now);
    }

    public void Grant(MonoTime now, in CreditFrame credit)
    {
        if (!_subscriptions.TryGetValue(credit.Id, out var subscription))
            return;
        subscription.Grant(credit.Total);
        if (subscription.IsWaiting)
            Drain(now);
    }

    /// <summary>Everything that is published from now on comes to it.</summary>
    public void Confirm(Subscription subscription) => session.Sender.Say(new NumberFrame(FrameKind.Subscribed, subscription.Id));

    /// <summary>An edge let messages go, of which any may have been for any of these subscriptions.</summary>
    public void TellLost()
    {
        foreach (var id in _subscriptions.Keys)
            session.Sender.SayLost(id);
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
                if (subscription.Group is not null)
                    (_work ??= new()).Add(session.Outbox.Count, subscription, waiting);
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

    private void Accept(MonoTime now, in SubscribeFrame subscribe)
    {
        var subscription = new Subscription(session, subscribe.Id, subscribe.Overload, subscribe.Credit);
        _subscriptions.Add(subscribe.Id, subscription);
        session.Client.Subscriptions++;
        if (core.Subscribe(now, subscribe.Pattern, subscribe.Group, subscription))
            Confirm(subscription);
        Relieve(subscription);
    }

    /// <summary>What a member was sent, and its client has not said to have, is for others.</summary>
    private void GiveSent(Subscription subscription)
    {
        if (subscription.Group is not { } group || _work is null)
            return;
        foreach (var message in _work.Take(subscription))
            Give(core.Dispatcher.Choose(group.Group, message.Subject), message);
    }

    /// <summary>What waits for one who is away goes to those who are there; of one who is gone, to anybody.</summary>
    private void GiveWaiting(Subscription subscription, bool isOver)
    {
        if (subscription.Group is not { } group)
            return;
        while (subscription.PeekSubject(core.Now) is { IsEmpty: false } subject)
        {
            var member = core.Dispatcher.Choose(group.Group, subject);
            if (!isOver && member?.Session.Connection is null)
            {
                group.Group.Stick(subscription);
                return;
            }

            if (subscription.TryGiveWaiting(core.Now, out var message))
                Give(member, message);
        }
    }

    private void Give(Subscription? member, WaitingMessage message)
    {
        if (message.Expires <= core.Now)
        {
            core.Counters.Miss(GapReason.Expired, 1);
            return;
        }

        if (member is null)
        {
            core.Counters.Orphaned++;
            return;
        }

        // Its publisher has been told already, or is told now: whoever has it next holds up nobody.
        member.Session.Subscriptions.Matched.Add(member);
        member.Session.Subscriptions.Deliver(core.Now, BusMessage.Of(message) with { Source = null });
    }

    /// <summary>A member is there: what waits for others of its group who are away is its own.</summary>
    private static void Relieve(Subscription subscription)
    {
        if (subscription.Group is not { } group)
            return;
        foreach (var stuck in group.Group.TakeStuck())
        {
            if (stuck.Session.Connection is null)
                stuck.Session.Subscriptions.GiveWaiting(stuck, isOver: false);
        }
    }

    /// <summary>Nothing goes at once: there is no room, or it is better given to another member when its client stays away.</summary>
    private bool IsHeld(Subscription subscription) => session.Sender.IsFull || (subscription.Group is not null && session.Connection is null);

    private void NoteWork(in BusMessage message)
    {
        foreach (var subscription in Matched)
        {
            if (subscription.Group is not null && !subscription.IsWaiting)
                (_work ??= new()).Add(session.Outbox.Count, subscription, message.Keep());
        }
    }

    private void Refuse(uint id, RefusalReason reason, string words) =>
        session.Sender.Say(new RefusedFrame { What = FrameKind.Subscribe, Number = id, Reason = reason, Words = Encoding.UTF8.GetBytes(words) });

    private void Hold(Subscription subscription, in BusMessage message)
    {
        if (!subscription.IsWaiting)
            _waiting.Enqueue(subscription);
        subscription.Hold(message.Keep(), _budget);
        if (session.Connection is null)
            subscription.Group?.Group.Stick(subscription);
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
