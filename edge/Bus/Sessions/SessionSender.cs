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

    public void Send(in BusMessage message, ReadOnlySpan<uint> targets)
    {
        if (!message.Extras.IsEmpty && MessageExtras.TryRead(message.Extras, out var extras) && !extras.Reply.IsEmpty && !session.Token.Publish.Allows(extras.Reply))
            (_answers ??= new(BusLimits.MaxAnswers, BusLimits.AnswerWindow)).Add(core.Now, core.HashOf(extras.Reply));
        core.Counters.MessagesOut += targets.Length;
        var publisher = _publishers.Get(message.Publisher, out var isNew);
        if (isNew)
        {
            Span<byte> name = stackalloc byte[HelloFrame.SessionBytes];
            message.Publisher.Write(name);
            new PublisherFrame { Number = publisher, Session = name }.Write(Outbox.BeginCounted());
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
}
