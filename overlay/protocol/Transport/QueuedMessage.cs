using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>A whole message that waits for the application: in a pool's place, in a joined buffer, or empty in neither.</summary>
internal struct QueuedMessage
{
    /// <summary>A place of the segment pool, or below zero.</summary>
    public int Place;

    /// <summary>A rented buffer, where the message had to be joined.</summary>
    public byte[]? Buffer;

    public int Length;

    /// <summary>How many segments of credit it holds.</summary>
    public int Segments;

    /// <summary>What the buffer counts for in its budget.</summary>
    public int BufferBytes;

    /// <summary>Whether the buffer counts for the Realtime joins, and not for the receive memory.</summary>
    public bool IsRealtime;

    public MonoTime Deadline;
}
