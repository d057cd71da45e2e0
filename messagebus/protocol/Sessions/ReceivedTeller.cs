using WeCan.Contracts;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>When one end tells the other what it has: soon where much comes, later where little does.</summary>
internal sealed class ReceivedTeller
{
    private ulong _frames;
    private long _bytes;

    public MonoTime NextTimeout { get; private set; } = MonoTime.Never;

    /// <summary>So many counted frames came, in so many bytes.</summary>
    public bool ShouldTell(MonoTime now, ulong frames, int bytes)
    {
        // Of a long message most pieces end no frame, and count all the same when its end comes.
        _bytes += bytes;
        if (frames == 0)
            return false;
        _frames += frames;
        if (NextTimeout == MonoTime.Never)
            NextTimeout = now + SessionLimits.ReceivedDelay;
        return _frames >= SessionLimits.ReceivedFrames || _bytes >= SessionLimits.ReceivedBytes;
    }

    public bool IsDue(MonoTime now) => now >= NextTimeout;

    public void Told()
    {
        (_frames, _bytes) = (0, 0);
        NextTimeout = MonoTime.Never;
    }
}
