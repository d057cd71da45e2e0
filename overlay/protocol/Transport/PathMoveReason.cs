namespace WeCan.Protocol.Transport;

/// <summary>Why Realtime flows went over to another route.</summary>
public enum PathMoveReason : byte
{
    None = 0,

    /// <summary>Nothing was heard of what went over the route before.</summary>
    Silence = 1,

    /// <summary>The route before lost more, delayed longer, or marked more.</summary>
    Worse = 2,

    /// <summary>The route of a better rank has proved itself again.</summary>
    Recovered = 3,

    /// <summary>The route before was taken away.</summary>
    Cleared = 4,
}
