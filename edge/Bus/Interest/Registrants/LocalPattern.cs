using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest.Registrants;

/// <summary>A pattern that this edge has subscribers of, or had a moment ago.</summary>
internal sealed class LocalPattern(LocalSpace space, ulong version)
{
    public LocalSpace Space { get; } = space;

    /// <summary>The version of its space's patterns that brought it.</summary>
    public ulong Version { get; } = version;

    public int Entry { get; set; }

    public int Subscribers { get; set; }

    /// <summary>When the last subscriber left.</summary>
    public MonoTime LeftAt { get; set; }

    /// <summary>It stands in the queue of those that may go.</summary>
    public bool IsLeaving { get; set; }
}
