using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest.Followers;

/// <summary>A space that this edge publishes in.</summary>
internal sealed class FollowedSpace(byte[] name)
{
    public byte[] Name { get; } = name;

    public HomePair Pair { get; set; }

    /// <summary>The homes, where they are other edges.</summary>
    public Peer? First { get; set; }

    public Peer? Second { get; set; }

    /// <summary>This edge is a home of it.</summary>
    public bool IsHere { get; set; }

    /// <summary>It is, and all edges have told it what they have.</summary>
    public bool IsOpenHere { get; set; }

    public MonoTime LastUsed { get; set; }

    /// <summary>Slices of it, those asked for included.</summary>
    public int Slices { get; set; }

    /// <summary>Those of both homes that are asked for and not there yet.</summary>
    public List<FollowSlice> Asked { get; } = [];

    /// <summary>A home has refused; it is not asked before.</summary>
    public MonoTime RetryAt { get; set; }
}
