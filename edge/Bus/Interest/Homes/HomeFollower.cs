using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>An edge that publishes by what this home has told it, in one session of the two.</summary>
internal sealed class HomeFollower(Peer peer)
{
    public Peer Peer { get; } = peer;

    public NodeId Edge => Peer.Id;

    /// <summary>It may publish by what it knows until then.</summary>
    public MonoTime LeaseUntil { get; set; }

    /// <summary>Its session is over, and it may not know: what it was told it may use while its lease lasts, and it says nothing any more.</summary>
    public bool IsGhost { get; set; }

    /// <summary>Frames that were put into its queue, of those that it counts.</summary>
    public ulong Sent { get; set; }

    /// <summary>Frames that it said to have applied.</summary>
    public ulong Applied { get; set; }

    public uint LastNumber { get; set; }

    public Dictionary<uint, HomeSlice> Slices { get; } = [];

    /// <summary>Slices that were ended, which it may use until it has applied that, by when they were.</summary>
    public Queue<HomeSlice> Ended { get; } = new();

    /// <summary>Slices that it asked for and that wait for their space to open.</summary>
    public HashSet<uint> Asked { get; } = [];

    /// <summary>Who waits for it, and until which frame.</summary>
    public Queue<Obligation> Obligations { get; } = new();

    /// <summary>The last obligation, which grows as long as it is of the same batch.</summary>
    public Obligation? Latest { get; set; }

    /// <summary>Which change it was last looked at for.</summary>
    public ulong Seen { get; set; }

    public bool IsTouched { get; set; }

    public bool HasAllApplied => Applied == Sent && !IsGhost;
}
