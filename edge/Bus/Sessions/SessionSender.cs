using WeCan.Contracts;
using WeCan.Edge.Bus.Fanout;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>What an edge says to a client in its session: frames that are kept until the client has told that it has them.</summary>
internal sealed class SessionSender(BusCore core, BusSession session)
{
    private readonly PublisherNumbers _publishers = new();
    private FadingSet? _answers;

    public FrameOutbox Outbox { get; } = new(core.Blocks);

    /// <summary>What the client has not said to have is as much as an edge keeps.</summary>
    public bool IsFull => Outbox.Held >= BusLimits.MaxUnreceived;

    public void Say(in NumberFrame frame)
    {
        frame.Write(Outbox.BeginCounted());
        Outbox.EndCounted();
    }

    public void Say(in RefusedFrame frame)
    {
        core.Counters.Refuse(frame.Reason);
        SayAgain(frame);
    }

    /// <summary>The same of what was counted.</summary>
    public void SayAgain(in RefusedFrame frame)
    {
        frame.Write(Outbox.BeginCounted());
        Outbox.EndCounted();
    }

    /// <summary>Tells what did not come to a subscription, if anything.</summary>
    public void SayMissed(uint id, ulong missed, GapReason reason)
    {
        if (missed == 0)
            return;
        core.Counters.Miss(reason, missed);
        new GapFrame(id, missed, reason).Write(Outbox.BeginCounted());
        Outbox.EndCounted();
    }

    /// <summary>The client was asked for an answer there, and has not given it.</summary>
    public bool TakeAnswer(ReadOnlySpan<byte> subject) => _answers is not null && _answers.Remove(core.Now, core.HashOf(subject));

    /// <summary>Messages may be missing, and nobody can say how many.</summary>
    public void SayLost(uint id)
    {
        core.Counters.Miss(GapReason.Lost, 1);
        new GapFrame(id, Missed: 0, GapReason.Lost).Write(Outbox.BeginCounted());
        Outbox.EndCounted();
    }

    public void Send(in BusMessage message, ReadOnlySpan<uint> targets)
    {
        core.Counters.MessagesOut += targets.Length;
        var frame = FrameOf(message, targets);
        frame.Write(Outbox.BeginCounted());
        Outbox.EndCounted();
    }

    /// <summary>Sends a Realtime message at once, or lets go of it and counts that.</summary>
    public void SendRealtime(MonoTime now, BusConnection? connection, in BusMessage message, ReadOnlySpan<uint> targets)
    {
        var drop = message.Expires < now ? RealtimeDrop.Late : connection is null ? RealtimeDrop.NoConnection : (RealtimeDrop?)null;
        if (drop is null)
        {
            core.Scratch.Clear();
            FrameOf(message, targets).Write(core.Scratch);
            if (!connection!.TrySendRealtime(now, message.Expires, message.Traits.Priority, core.Scratch.Bytes))
                drop = RealtimeDrop.NoRoom;
        }

        if (drop is { } reason)
            core.Counters.Drop(reason, targets.Length);
        else
            core.Counters.MessagesOut += targets.Length;
    }

    /// <summary>The message for this session, whose client is told first whose it is where it has not been.</summary>
    private MessageFrame FrameOf(in BusMessage message, ReadOnlySpan<uint> targets)
    {
        if (!message.Extras.IsEmpty && MessageExtras.TryRead(message.Extras, out var extras) && !extras.Reply.IsEmpty && !session.Token.Publish.Allows(extras.Reply))
            (_answers ??= new(BusLimits.MaxAnswers, BusLimits.AnswerWindow)).Add(core.Now, core.HashOf(extras.Reply));
        var publisher = _publishers.Get(message.Publisher, out var isNew);
        if (isNew)
        {
            Span<byte> name = stackalloc byte[HelloFrame.SessionBytes];
            message.Publisher.Write(name);
            new PublisherFrame { Number = publisher, Session = name }.Write(Outbox.BeginCounted());
            Outbox.EndCounted();
        }

        return new()
        {
            Targets = targets,
            Publisher = publisher,
            Number = message.Number,
            Traits = message.Traits,
            Subject = message.Subject,
            Payload = message.Payload,
            Extras = message.Extras,
        };
    }
}
