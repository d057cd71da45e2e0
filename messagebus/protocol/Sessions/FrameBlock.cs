using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>A stretch of counted frames, one after the other.</summary>
internal sealed class FrameBlock
{
    public FrameBatch Frames { get; } = new();

    /// <summary>The number of its first frame.</summary>
    public ulong First { get; set; }

    public int Count { get; set; }

    /// <summary>Bytes that the connection has taken.</summary>
    public int Taken { get; set; }

    public ulong End => First + (ulong)Count;

    /// <summary>Has the frames from a number on taken once more.</summary>
    public void Rewind(ulong number)
    {
        Taken = 0;
        for (var at = First; at < number && at < End; at++)
        {
            Frame.TryRead(Frames.Bytes[Taken..], out _, out var size);
            Taken += size;
        }
    }
}
