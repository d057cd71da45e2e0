using WeCan.Contracts.Control.Messages;

namespace WeCan.Contracts.Control.Sessions;

/// <summary>
/// What both ends of a control session share, so that each has only its own part of the talk to say: frames out of the
/// stream, pings and their answers, silence, and the one goodbye after which nothing more is sent or understood. Without
/// I/O; the owner hands it time and bytes.
/// </summary>
public sealed class SessionWire(MonoTime now)
{
    private readonly FrameAssembler _assembler = new();
    private SessionLiveness _liveness = new(now);
    private GoodbyeMessage? _goodbye;
    private PongMessage? _pong;
    private PingMessage? _ping;
    private PingMessage? _question;

    public SessionCounters Counters { get; } = new();

    /// <summary>Set once: nothing that comes later is looked at, and after our own goodbye nothing is sent.</summary>
    public SessionEnd? End { get; private set; }

    /// <summary>The number of the ping that the other side answered last.</summary>
    public uint Answered { get; private set; }

    /// <summary>Nothing is left to be sent: the connection can be closed.</summary>
    public bool IsFinished => End is not null && _goodbye is null;

    public MonoTime NextTimeout => End is null ? _liveness.NextTimeout : MonoTime.Never;

    public void Add(MonoTime now, ReadOnlySpan<byte> bytes)
    {
        if (End is not null)
            return;
        _liveness.Heard(now);
        Counters.BytesIn += bytes.Length;
        _assembler.Add(bytes);
    }

    /// <summary>The next message that the owner has to understand. Pings, unknown kinds and goodbyes it never sees.</summary>
    public bool TryTake(out ControlMessage? message)
    {
        message = null;
        while (End is null && _assembler.TryTake(out var payload))
        {
            Counters.FramesIn++;
            switch (ControlMessage.TryRead(payload, out message))
            {
                case ControlReadResult.Unknown:
                    Counters.Unknown++;
                    continue;
                case ControlReadResult.Malformed:
                    Close(GoodbyeReason.Malformed, "a frame of this session could not be read", Duration.Zero);
                    return false;
            }

            switch (message)
            {
                case PingMessage ping:
                    _pong = new(ping.Number);
                    continue;
                case PongMessage pong:
                    Answered = pong.Number;
                    continue;
                case GoodbyeMessage goodbye:
                    End = new(IsOurs: false, goodbye.Reason, goodbye.Text, Duration.FromSeconds(goodbye.RetryAfterSeconds));
                    return false;
                default:
                    return true;
            }
        }

        if (End is null && _assembler.IsBroken)
            Close(GoodbyeReason.Malformed, "the stream of this session has a frame without end", Duration.Zero);
        return false;
    }

    public void HandleTimeout(MonoTime now)
    {
        if (End is not null)
            return;
        if (_liveness.IsOver(now))
            End = new(IsOurs: true, GoodbyeReason.Other, $"nothing was heard for {ControlLimits.SilenceAllowed}", Duration.Zero);
        else if (_liveness.ShouldAsk(now))
            _ping = new(_liveness.Number);
    }

    /// <summary>Asks the other side for an answer of this number, though it is heard: its owner wants to know how long that takes.</summary>
    public void Ask(uint number) => _question = new(number);

    /// <summary>Ends the session from this side: one goodbye is still sent, where it can be.</summary>
    public void Close(GoodbyeReason reason, string text, Duration retryAfter)
    {
        if (End is not null)
            return;
        End = new(IsOurs: true, reason, text, retryAfter);
        _goodbye = new(reason, text, (uint)Math.Clamp(retryAfter.Nanoseconds / 1_000_000_000, 0, uint.MaxValue));
    }

    /// <summary>What this part has to send, before anything of its owner's. After the end, only the goodbye.</summary>
    public bool TryPoll(out ControlMessage? message)
    {
        message = null;
        if (End is null)
        {
            message = (ControlMessage?)_pong ?? _ping ?? _question;
            if (_pong is not null)
                _pong = null;
            else if (_ping is not null)
                _ping = null;
            else
                _question = null;
        }
        else
        {
            (message, _goodbye) = (_goodbye, null);
        }

        return message is not null;
    }

    /// <summary>Makes a message into the bytes that go out, and counts them.</summary>
    public ReadOnlyMemory<byte> ToFrame(ControlMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var frame = message.ToFrame();
        Counters.FramesOut++;
        Counters.BytesOut += frame.Length;
        return frame;
    }
}
