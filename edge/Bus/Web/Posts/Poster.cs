using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus.Sessions;
using WeCan.Hosting.Http;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus.Web.Posts;

/// <summary>
/// The session by which one client's messages are posted: it says to the bus in frames what a connected client would say, so that what
/// is allowed, refused and confirmed is decided in one place.
/// </summary>
internal sealed class Poster : IConnectionOwner, IFrameHandler
{
    private const byte Priority = 3;

    private readonly Dictionary<ulong, (PostOrder Order, MonoTime Until)> _waiting = [];
    private readonly Queue<ulong> _order = new();
    private readonly FrameInbox _inbox = new();
    private readonly FrameBatch _frames = new();
    private readonly BusConnection _connection;
    private readonly List<Poster> _ready;
    private bool _isNoted;
    private ulong _last;
    private ulong _told;
    private long _bytes;
    private MonoTime _usedAt;

    public Poster(BusCore core, ClientToken token, List<Poster> ready)
    {
        (Key, _ready) = ((token.Space, token.Name), ready);
        _connection = core.Connect(token, this);
        Span<byte> session = stackalloc byte[HelloFrame.SessionBytes];
        RandomNumberGenerator.Fill(session);
        new HelloFrame { Version = FrameLimits.Version, Session = session }.Write(_frames);
    }

    public (string Space, string Client) Key { get; }

    public bool IsOver => _connection.IsOver;

    public bool IsIdle(MonoTime now) => _waiting.Count == 0 && now - _usedAt >= WebLimits.PosterIdle;

    /// <summary>When it is to be looked at again.</summary>
    public MonoTime LookAt(MonoTime now) => now + WebLimits.PostTime;

    public void Post(MonoTime now, PostOrder order)
    {
        _usedAt = now;
        var message = order.Message;
        if (_waiting.Count >= WebLimits.Posts || (_waiting.Count > 0 && _bytes + message.Payload.Length > WebLimits.PostBytes))
        {
            order.Settle(new(HttpStatus.TooManyRequests, $"{_waiting.Count} messages of this client wait to be confirmed already: post fewer at a time."));
            return;
        }

        new PublishFrame { Number = ++_last, Traits = new(Delivery.Reliable, Priority), Subject = message.Subject, Payload = message.Payload, Extras = message.Extras }.Write(_frames);
        _waiting.Add(_last, (order, now + WebLimits.PostTime));
        _order.Enqueue(_last);
        _bytes += message.Payload.Length;

        // Each message is judged by the token that it came with.
        if (_connection.Session is { } session)
            session.Token = order.Token;
        _connection.Handle(now, _frames.Bytes);
        _frames.Clear();
    }

    public void OnReady()
    {
        if (_isNoted)
            return;
        _isNoted = true;
        _ready.Add(this);
    }

    /// <summary>Hears what the bus has said.</summary>
    public void Settle(MonoTime now)
    {
        _isNoted = false;
        var self = this;
        while (_connection.TryTake(SessionLimits.MaxPiece, out var piece))
        {
            if (!_inbox.TryRead(piece, ref self))
                break;
        }

        if (_connection.IsOver)
        {
            Fail(new(HttpStatus.ServiceUnavailable, "This edge has as many sessions as it may, in all or of this client: post again later."));
            return;
        }

        if (_told == _inbox.Count)
            return;
        _told = _inbox.Count;
        new NumberFrame(FrameKind.Received, _told).Write(_frames);
        _connection.Handle(now, _frames.Bytes);
        _frames.Clear();
    }

    /// <summary>Who has waited for too long is told so.</summary>
    public void EndLate(MonoTime now)
    {
        while (_order.TryPeek(out var number))
        {
            if (_waiting.TryGetValue(number, out var late))
            {
                if (late.Until > now)
                    return;
                Settle(number, new(HttpStatus.ServiceUnavailable, $"The message was not confirmed within {WebLimits.PostTime.Seconds:0} s, and may come all the same: post it again with a WeCan-Id, so that it comes once."));
            }

            _order.Dequeue();
        }
    }

    public void Fail(PostAnswer answer)
    {
        foreach (var number in _order)
            Settle(number, answer);
        _order.Clear();
    }

    public void Close(MonoTime now)
    {
        Fail(new(HttpStatus.ServiceUnavailable, "The session of this client has ended: post again."));
        new GoodbyeFrame { Reason = GoodbyeReason.Done }.Write(_frames);
        _connection.Handle(now, _frames.Bytes);
        _frames.Clear();
    }

    public bool TryHandle(in Frame frame)
    {
        if (frame.Kind == FrameKind.Confirmed && NumberFrame.TryRead(frame, out var confirmed))
            Confirm(confirmed.Number);
        else if (frame.Kind == FrameKind.Refused && RefusedFrame.TryRead(frame, out var refused) && refused.What == FrameKind.Publish)
            Settle(refused.Number, new(StatusOf(refused.Reason), Encoding.UTF8.GetString(refused.Words)));
        return true;
    }

    private static int StatusOf(RefusalReason reason) => reason switch
    {
        RefusalReason.NotAllowed => HttpStatus.Forbidden,
        RefusalReason.BadName => HttpStatus.BadRequest,
        RefusalReason.TooLong => HttpStatus.ContentTooLarge,
        RefusalReason.TooMany => HttpStatus.TooManyRequests,
        _ => HttpStatus.ServiceUnavailable,
    };

    private void Confirm(ulong upTo)
    {
        while (_order.TryPeek(out var number) && number <= upTo)
        {
            _order.Dequeue();
            Settle(number, new(HttpStatus.NoContent, ""));
        }
    }

    private void Settle(ulong number, PostAnswer answer)
    {
        if (!_waiting.Remove(number, out var waiting))
            return;
        _bytes -= waiting.Order.Message.Payload.Length;
        waiting.Order.Settle(answer);
    }
}
