using WeCan.Contracts;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>
/// Realtime frames that wait for their turn on a connection which brings all in one order. They wait here and not among the others, so that each
/// is judged when it could go: late ones are let go of then, and those for which there is no room at once.
/// </summary>
internal sealed class RealtimeLine
{
    private readonly Queue<(MonoTime Deadline, byte[] Frame)> _waiting = new();
    private int _bytes;

    /// <summary>Frames whose time was up before there was room to send them.</summary>
    public long Late { get; private set; }

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>False when too many wait already.</summary>
    public bool TryAdd(MonoTime deadline, ReadOnlySpan<byte> frame)
    {
        if (_bytes + frame.Length > SessionLimits.RealtimeInLine)
            return false;
        _bytes += frame.Length;
        _waiting.Enqueue((deadline, frame.ToArray()));
        return true;
    }

    /// <summary>The next that is still worth something.</summary>
    public bool TryTake(MonoTime now, out ReadOnlySpan<byte> frame)
    {
        while (_waiting.TryDequeue(out var next))
        {
            _bytes -= next.Frame.Length;
            frame = next.Frame;
            if (next.Deadline >= now)
                return true;
            Late++;
        }

        frame = default;
        return false;
    }

    /// <summary>The connection is another: what waited was for the one before.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _bytes = 0;
    }
}
