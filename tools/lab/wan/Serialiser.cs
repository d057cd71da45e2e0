using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>
/// What puts packets on a wire one after the other: the place where a rate makes them wait. A link has one of its own,
/// or shares one with others, which then wait for each other's packets in the order in which they came.
/// </summary>
public sealed class Serialiser
{
    /// <summary>When the last packet that it has taken will have left, in nanoseconds.</summary>
    internal long FreeAt { get; set; } = long.MinValue;

    /// <summary>How long a packet that comes now would wait.</summary>
    public Duration BacklogAt(MonoTime now) => new(Math.Max(0, Math.Max(FreeAt, now.Nanoseconds) - now.Nanoseconds));
}
