using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus.Between;
using WeCan.Edge.Bus.Fanout;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>What a client publishes in its session: each number once, what may not be refused by name, and the rest on its way.</summary>
internal sealed class SessionPublishing(BusCore core, BusSession session)
{
    private readonly PublishHolds _holds = new();
    private ulong _confirmed;
    private ulong _accepted;
    private bool _isOver;
    private MonoTime _refusesRealtimeAt;

    /// <summary>What goes to other edges; null where nothing has.</summary>
    public PublishLine? Line { get; private set; }

    /// <summary>The last Reliable message that came.</summary>
    public ulong Last { get; private set; }

    /// <summary>What came in one piece is handled: its messages are confirmed together, or told to be taken where they are held.</summary>
    public void Confirm()
    {
        var settled = _holds.Settled(Last);
        if (settled > _confirmed)
            session.Sender.Say(new NumberFrame(FrameKind.Confirmed, settled));
        _confirmed = Math.Max(_confirmed, settled);
        if (Last > _confirmed && Last > _accepted)
            new NumberFrame(FrameKind.Accepted, Last).Write(session.Outbox.Once);
        _accepted = Last;
    }

    /// <summary>A message is not confirmed before <see cref="Release"/> is called as often.</summary>
    public void Hold(ulong number) => _holds.Hold(number);

    public void Release(ulong number)
    {
        if (_isOver)
            return;
        _holds.Release(number);
        if (_holds.Settled(Last) <= _confirmed)
            return;
        Confirm();
        core.MarkReady(session);
    }

    /// <summary>The same, where <see cref="Confirm"/> follows for several at once.</summary>
    public void ReleaseQuietly(ulong number)
    {
        if (!_isOver)
            _holds.Release(number);
    }

    /// <summary>The session is over: nobody waits for confirmations.</summary>
    public void End()
    {
        _isOver = true;
        if (Line is not null)
            core.Between?.End(Line);
    }

    /// <summary>A message that waited for other edges is not worth it any more.</summary>
    public void RefuseHeld(ulong number) => Refuse(number, RefusalReason.Unavailable, "Its time to live was over before other edges could have it.");

    /// <summary>False when the frame may not come.</summary>
    public bool TryPublish(MonoTime now, in PublishFrame publish)
    {
        if (!MessageExtras.TryRead(publish.Extras, out var extras))
            return false;

        // On a connection that brings all in one order, a Realtime message has the time that it says itself.
        if (publish.Traits.Delivery == Delivery.Realtime)
        {
            PublishRealtime(now, now + Duration.FromMilliseconds(extras.LifeMilliseconds == 0 ? FrameLimits.DefaultDeadlineMilliseconds : extras.LifeMilliseconds), publish, extras.Reply);
            return true;
        }

        // What came before comes again where its confirmation was lost with an edge or a connection.
        if (publish.Number <= Last)
            return true;
        if (Last != 0 && publish.Number != Last + 1)
            return false;
        Last = publish.Number;
        if (!TryCheck(publish, extras.Reply, out var reason, out var words))
        {
            Refuse(publish.Number, reason, words);
            return true;
        }

        core.Counters.MessagesIn++;
        var id = extras.Id.IsEmpty ? 0 : TokenHash.Of(core.HashOf(publish.Subject), extras.Id);
        if (id != 0 && session.Client.Ids.Has(now, id))
        {
            core.Counters.Repeated++;
            return true;
        }

        var message = MessageOf(publish, extras.LifeMilliseconds == 0 ? MonoTime.Never : now + Duration.FromMilliseconds(extras.LifeMilliseconds), source: this);
        if (TrySend(now, message, extras.Reply) && id != 0)
            session.Client.Ids.Add(now, id);
        return true;
    }

    /// <summary>Hands it to all who are subscribed, or to nobody, and says so.</summary>
    private bool TrySend(MonoTime now, in BusMessage message, ReadOnlySpan<byte> reply)
    {
        if (core.Between?.HasRoomFor(Line) == false)
        {
            Refuse(message.Number, RefusalReason.Overloaded, "What waits here for other edges has taken all the room that there is for it.");
            return false;
        }

        var heard = _holds.Count >= BusLimits.MaxUnconfirmed ? Dispatcher.Overfull : core.Dispatcher.Dispatch(now, message);
        if (heard == Dispatcher.Overfull)
            Refuse(message.Number, RefusalReason.Overloaded, $"Subscribers of {Encoding.UTF8.GetString(message.Subject)} push back, and are so far behind that no more is taken for them.");
        else if (heard == 0 && !reply.IsEmpty && core.Between?.MayBeWanted(now, message.Subject) != true)
            Refuse(message.Number, RefusalReason.NoResponders, $"Nobody is subscribed to {Encoding.UTF8.GetString(message.Subject)} who could answer.");
        else
            return Forward(now, message);
        return false;
    }

    /// <summary>This edge's own subscriptions have it: now the others'.</summary>
    private bool Forward(MonoTime now, in BusMessage message)
    {
        core.Between?.Publish(now, Line ??= new(session), message);
        return true;
    }

    /// <summary>A Realtime message, worth something until then. What is wrong with it is counted, and told once in a while.</summary>
    public void PublishRealtime(MonoTime now, MonoTime deadline, in PublishFrame publish, ReadOnlySpan<byte> reply)
    {
        if (TryCheck(publish, reply, out var reason, out var words))
        {
            core.Counters.MessagesIn++;
            var latest = now + Duration.FromMilliseconds(FrameLimits.MaxDeadlineMilliseconds);
            var message = MessageOf(publish, MonoTime.Min(deadline, latest), source: null);
            core.Dispatcher.Dispatch(now, message);
            core.Between?.PublishRealtime(now, message);
            return;
        }

        core.Counters.Refuse(reason);
        if (now < _refusesRealtimeAt)
            return;
        _refusesRealtimeAt = now + BusLimits.RealtimeRefusalPause;
        session.Sender.SayAgain(new() { What = FrameKind.Publish, Number = 0, Reason = reason, Words = Encoding.UTF8.GetBytes(words) });
    }

    private BusMessage MessageOf(in PublishFrame publish, MonoTime expires, SessionPublishing? source) => new()
    {
        Publisher = session.Name,
        Number = publish.Number,
        Traits = publish.Traits,
        Subject = publish.Subject,
        Payload = publish.Payload,
        Extras = publish.Extras,
        Expires = expires,
        Source = source,
    };

    private void Refuse(ulong number, RefusalReason reason, string words) =>
        session.Sender.Say(new RefusedFrame { What = FrameKind.Publish, Number = number, Reason = reason, Words = Encoding.UTF8.GetBytes(words) });

    private bool TryCheck(in PublishFrame publish, ReadOnlySpan<byte> reply, out RefusalReason reason, out string words)
    {
        (reason, words) = (default, "");
        var fault = SubjectRules.CheckSubject(publish.Subject);
        if (fault != SubjectFault.None)
            (reason, words) = (RefusalReason.BadName, NameFaults.Describe(fault, "subject"));
        else if (publish.Payload.Length > MostOf(publish.Traits.Delivery))
            (reason, words) = (RefusalReason.TooLong, $"The message has {publish.Payload.Length} bytes; at most {MostOf(publish.Traits.Delivery)} are taken{(publish.Traits.Delivery == Delivery.Realtime ? "" : " (bus.limits.payload)")}.");
        else if (!reply.IsEmpty && SubjectRules.CheckSubject(reply) is not SubjectFault.None and var replyFault)
            (reason, words) = (RefusalReason.BadName, NameFaults.Describe(replyFault, "subject"));
        else if (!reply.IsEmpty && !reply.StartsWith(session.Inbox) && !session.Token.Subscribe.Allows(reply))
            (reason, words) = (RefusalReason.NotAllowed, $"The token does not let its client get answers under {Encoding.UTF8.GetString(reply)}, as it may not subscribe there.");
        else if (!session.Token.Publish.Allows(publish.Subject) && !session.Sender.TakeAnswer(publish.Subject))
            (reason, words) = (RefusalReason.NotAllowed, $"The token does not let its client publish to {Encoding.UTF8.GetString(publish.Subject)}.");
        return words.Length == 0;
    }

    private int MostOf(Delivery delivery) => delivery == Delivery.Realtime ? Math.Min(FrameLimits.MaxRealtimePayload, core.Limits.PayloadBytes) : core.Limits.PayloadBytes;
}
