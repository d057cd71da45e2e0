using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest.Followers;

/// <summary>A slice that this edge has asked a home for, around the subject of a publish.</summary>
internal sealed class FollowSlice(Peer home, uint number, FollowedSpace space, byte[] subject)
{
    public const int None = -1;

    public Peer Home { get; } = home;

    public uint Number { get; } = number;

    public FollowedSpace Space { get; } = space;

    public byte[] Subject { get; } = subject;

    /// <summary>Its place in the tree of slices, once its first piece has come.</summary>
    public int Entry { get; set; } = None;

    /// <summary>All pieces have come.</summary>
    public bool IsWhole { get; set; }

    /// <summary>It is given no more.</summary>
    public bool IsOver { get; set; }

    public MonoTime LastUsed { get; set; }
}
