using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>A space of which something was told to this edge or asked of it, as a home of it or because another takes it for one.</summary>
internal sealed class HomeSpace(byte[] name)
{
    public byte[] Name { get; } = name;

    /// <summary>This edge is of its pair.</summary>
    public bool IsMine { get; set; }

    /// <summary>Since when.</summary>
    public HomeTenure Tenure { get; set; }

    /// <summary>All that registrants have is told, so slices may be given.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Nobody publishes by what other homes told before, so versions may be confirmed.</summary>
    public bool IsSettled { get; set; }

    /// <summary>Registrants with a share in it.</summary>
    public HashSet<Share> Shares { get; } = [];

    public int Slices { get; set; }

    /// <summary>What was asked of it before it was open.</summary>
    public Queue<(HomeFollower Follower, uint Number, byte[] Subject)> Asked { get; } = new();

    public bool IsEmpty => Shares.Count == 0 && Slices == 0 && Asked.Count == 0;
}
