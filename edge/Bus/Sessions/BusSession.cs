using WeCan.Contracts;
using WeCan.Edge.Bus.Fanout;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>
/// A client's session at this edge, over as many connections as it takes: its subscriptions, what it has published, and what it has not
/// said to have received. It outlives a lost connection by <see cref="SessionLimits.ResumeWindow"/>.
/// </summary>
internal sealed class BusSession
{
    public BusSession(BusCore core, BusClientRecord client, ClientToken token, PublisherName name)
    {
        (Client, Token, Name) = (client, token, name);
        Inbox = InboxName.Of(token, name);
        Sender = new(core, this);
        Publishing = new(core, this);
        Subscriptions = new(core, this);
    }

    public PublisherName Name { get; }

    /// <summary>Whose it is, with others perhaps.</summary>
    public BusClientRecord Client { get; }

    public ClientToken Token { get; set; }

    /// <summary>What the subjects begin with that are its own to subscribe to.</summary>
    public byte[] Inbox { get; }

    /// <summary>The connection that it is on; none while the client is away.</summary>
    public BusConnection? Connection { get; set; }

    /// <summary>When the client was last here; never past while it is.</summary>
    public MonoTime Until { get; set; } = MonoTime.Never;

    public SessionSender Sender { get; }

    public SessionPublishing Publishing { get; }

    public SessionSubscriptions Subscriptions { get; }

    public FrameOutbox Outbox => Sender.Outbox;

    /// <summary>Counted frames that came, over all connections.</summary>
    public ulong Received { get; set; }

    /// <summary>A frame of a client that was greeted; false when it may not come.</summary>
    public bool TryHandle(MonoTime now, in Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Publish:
                return PublishFrame.TryRead(frame, out var publish) && Publishing.TryPublish(now, publish);
            case FrameKind.Subscribe:
                return SubscribeFrame.TryRead(frame, out var subscribe) && Subscriptions.TrySubscribe(now, subscribe);
            case FrameKind.Credit:
                if (!CreditFrame.TryRead(frame, out var credit))
                    return false;
                Subscriptions.Grant(now, credit);
                return true;
            case FrameKind.Unsubscribe:
                if (!UnsubscribeFrame.TryRead(frame, out var unsubscribe))
                    return false;
                Subscriptions.Unsubscribe(unsubscribe);
                return true;
            case FrameKind.Received or FrameKind.Ping:
                return NumberFrame.TryRead(frame, out var number) && TryHandle(now, number);
            default:
                return true;
        }
    }

    public void EndAll()
    {
        Publishing.End();
        Subscriptions.EndAll();
        Outbox.Clear();
    }

    private bool TryHandle(MonoTime now, in NumberFrame frame)
    {
        if (frame.Kind == FrameKind.Ping)
            new NumberFrame(FrameKind.Pong, frame.Number).Write(Outbox.Once);
        else if (Outbox.TryForget(frame.Number))
            Subscriptions.Forget(now, frame.Number);
        else
            return false;
        return true;
    }
}
