namespace WeCan.Edge.Bus.Interest;

/// <summary>What the desk of an edge did since it started. Written on the loop's thread; others may read at any time.</summary>
internal sealed class InterestCounters
{
    /// <summary>Subscriptions confirmed while one of their homes was silent.</summary>
    public long ConfirmedAlone { get; set; }

    /// <summary>Subscriptions confirmed.</summary>
    public long Confirmed { get; set; }

    /// <summary>Times that this edge began anew with another because a flow was broken, or too much waited for it.</summary>
    public long Restarts { get; set; }

    /// <summary>Patterns of others that were not taken, as they had too many.</summary>
    public long Refused { get; set; }

    /// <summary>Slices given to followers.</summary>
    public long SlicesGiven { get; set; }

    /// <summary>Slices ended because they had grown too large.</summary>
    public long SlicesOutgrown { get; set; }

    /// <summary>Messages of others that were not understood.</summary>
    public long Malformed { get; set; }
}
