using WeCan.Edge.Bus.Fanout;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>What an edge says to a client in its session: frames that are kept until the client has told that it has them.</summary>
internal sealed class SessionSender(BusCore core)
{
    private readonly PublisherNumbers _publishers = new();

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

    public void Send(in BusMessage message, ReadOnlySpan<uint> targets)
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
}
