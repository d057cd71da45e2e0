using WeCan.Contracts;
using WeCan.Edge.Bus.Fanout;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus.Sessions;

/// <summary>
/// One connection of a client whose token was found good: until its greeting it is nobody's, then it carries a session. Whoever has
/// the connection hands in what came and takes what is to go.
/// </summary>
internal sealed class BusConnection(BusCore core, ClientToken token, IConnectionOwner? owner, RealtimeSink? realtime) : IFrameHandler
{
    private readonly FrameInbox _inbox = new();
    private readonly FrameBatch _last = new();
    private readonly ReceivedTeller _teller = new();
    private MonoTime _now;
    private bool _isLastTaken;

    public ClientToken Token { get; } = token;

    /// <summary>Whoever has the connection.</summary>
    public IConnectionOwner? Owner { get; } = owner;

    public BusSession? Session { get; private set; }

    /// <summary>Nothing more is heard; what is left to take is the last.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What its client publishes waits for other edges, and is enough: it should not be heard until this is over.</summary>
    public bool IsHeldUp => Session?.Publishing.Line is { IsFull: true };

    public MonoTime NextTimeout => _teller.NextTimeout;

    public void Handle(MonoTime now, ReadOnlySpan<byte> piece)
    {
        if (IsOver)
            return;
        core.Now = _now = now;
        var self = this;
        var before = _inbox.Count;
        if (!_inbox.TryRead(piece, ref self))
            End(GoodbyeReason.Malformed, "What came is no frame, or none that may come now, or one of more than 1 MiB and 18 KiB."u8);
        if (Session is not { } session)
            return;
        session.Received = _inbox.Count;
        session.Publishing.Confirm();
        if (_teller.ShouldTell(now, _inbox.Count - Math.Min(before, _inbox.Count), piece.Length))
            TellReceived(session);
        core.MarkReady(session);
    }

    /// <summary>A message came beside the order of frames: one that may be lost, and is worth something until then.</summary>
    public void HandleRealtime(MonoTime now, MonoTime deadline, ReadOnlySpan<byte> message)
    {
        if (IsOver || Session is not { } session)
            return;
        _now = now;
        if (Frame.TryRead(message, out var frame, out var size) == FrameResult.Read && size == message.Length
            && frame.Kind == FrameKind.Publish && PublishFrame.TryRead(frame, out var publish) && publish.Traits.Delivery == Delivery.Realtime
            && MessageExtras.TryRead(publish.Extras, out var extras))
            session.Publishing.PublishRealtime(now, deadline, publish, extras.Reply);
        else
            End(GoodbyeReason.Malformed, "What came beside the frames in order is no Realtime message."u8);
    }

    /// <summary>Sends a Realtime frame: beside the others where the connection can, else in line with them, and then only while few wait.</summary>
    public bool TrySendRealtime(MonoTime now, MonoTime deadline, byte priority, ReadOnlySpan<byte> frame)
    {
        if (realtime is not null)
            return realtime(Owner, now, deadline, priority, frame);
        if (Session is not { } session || session.Outbox.Once.Length + frame.Length > SessionLimits.RealtimeInLine)
            return false;
        session.Outbox.Once.Append(frame);
        return true;
    }

    public void HandleTimeout(MonoTime now)
    {
        if (_teller.IsDue(now) && Session is { } session)
            TellReceived(session);
    }

    /// <summary>The next bytes for the client, lent until the next call.</summary>
    public bool TryTake(int most, out ReadOnlySpan<byte> piece)
    {
        piece = default;
        if (Session is not null && Session.Outbox.TryTake(most, onlyOnce: false, out piece))
            return true;
        if (!IsOver || _isLastTaken || _last.Length == 0)
            return false;
        _isLastTaken = true;
        piece = _last.Bytes;
        return true;
    }

    /// <summary>The connection is lost: its session waits for another one.</summary>
    public void Lose(MonoTime now)
    {
        IsOver = true;
        if (Session is { } session)
            core.Detach(now, session);
        Session = null;
    }

    /// <summary>The last word on this connection.</summary>
    public void End(GoodbyeReason reason, ReadOnlySpan<byte> words)
    {
        if (IsOver)
            return;
        IsOver = true;
        core.Counters.End(reason);
        new GoodbyeFrame { Reason = reason, Words = words }.Write(_last);
        Owner?.OnReady();
        if (Session is not { } session)
            return;
        Session = null;
        core.Detach(_now, session);
    }

    public bool TryHandle(in Frame frame)
    {
        if (Session is { } session)
            return frame.Kind == FrameKind.Goodbye ? TryLeave(session) : session.TryHandle(_now, frame);
        if (IsOver)
            return true;
        return frame.Kind == FrameKind.Hello && HelloFrame.TryRead(frame, out var hello) && TryGreet(hello);
    }

    private bool TryGreet(in HelloFrame hello)
    {
        if (hello.Version != FrameLimits.Version)
        {
            End(GoodbyeReason.OtherVersion, "This edge speaks version 1 of the client protocol."u8);
            return true;
        }

        var name = PublisherName.Read(hello.Session);
        if (!core.TryAttach(this, name, hello.IsResumption, hello.Received, out var isResumed) || Session is not { } session)
        {
            End(GoodbyeReason.Overloaded, "This edge has as many sessions as it may, in all or of this client (bus.limits.sessions)."u8);
            return true;
        }

        _inbox.Begin(session.Received);
        new WelcomeFrame
        {
            Version = FrameLimits.Version,
            IsResumed = isResumed,
            Received = session.Received,
            Published = session.Publishing.Last,
            ResumeMilliseconds = (uint)SessionLimits.ResumeWindow.Milliseconds,
            MaxPayload = (uint)core.Limits.PayloadBytes,
            Inbox = session.Inbox,
        }.Write(session.Outbox.Once);
        return true;
    }

    /// <summary>The core has found the session that this connection carries.</summary>
    public void Carry(BusSession session) => Session = session;

    private bool TryLeave(BusSession session)
    {
        IsOver = true;
        Session = null;
        core.End(session);
        return true;
    }

    private void TellReceived(BusSession session)
    {
        _teller.Told();
        new NumberFrame(FrameKind.Received, session.Received).Write(session.Outbox.Once);
    }
}
