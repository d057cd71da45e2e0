namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>What a follower has of a space: all registrations whose patterns overlap its prefix.</summary>
internal sealed class HomeSlice(HomeFollower follower, uint number, HomeSpace space, bool isExact)
{
    public HomeFollower Follower { get; } = follower;

    public uint Number { get; } = number;

    public HomeSpace Space { get; } = space;

    /// <summary>Of one subject, so that it can be no narrower.</summary>
    public bool IsExact { get; } = isExact;

    /// <summary>Its place in the tree of slices.</summary>
    public int Entry { get; set; }

    /// <summary>Registrations in it, but for the follower's own.</summary>
    public int Count { get; set; }

    /// <summary>The frame that ended it; 0 while it lasts.</summary>
    public ulong EndedBy { get; set; }

    public bool IsEnded => EndedBy != 0;
}
