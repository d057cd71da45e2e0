using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest.Followers;

/// <summary>What this edge has of one home, in one session of the two.</summary>
internal sealed class FollowedHome
{
    /// <summary>It may publish by it until then.</summary>
    public MonoTime LeaseUntil { get; set; }

    /// <summary>The home's frames that had their effect, of those that are counted.</summary>
    public ulong Applied { get; set; }

    public uint LastNumber { get; set; }

    /// <summary>Slices that it gave or was asked for.</summary>
    public Dictionary<uint, FollowSlice> Slices { get; } = [];

    /// <summary>Slices in the order in which they are thought of for being let go of.</summary>
    public Queue<FollowSlice> Clock { get; } = new();
}
