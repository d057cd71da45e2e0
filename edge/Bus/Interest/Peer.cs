using WeCan.Contracts;
using WeCan.Edge.Bus.Interest.Followers;
using WeCan.Edge.Bus.Interest.Frames;
using WeCan.Edge.Bus.Interest.Homes;
using WeCan.Edge.Bus.Interest.Registrants;

namespace WeCan.Edge.Bus.Interest;

/// <summary>
/// Another edge, and all that the two say to each other. Their talk lies within a session of each: who begins a new one has forgotten what the other
/// said, and frames that answer an older one are dropped. So a broken flow, a restart and a flood all end in the same: everything said anew.
/// </summary>
internal sealed class Peer(NodeId id)
{
    public NodeId Id { get; } = id;

    /// <summary>This edge's session towards it.</summary>
    public ulong Mine { get; set; }

    /// <summary>Its session towards this edge; 0 until it was heard.</summary>
    public ulong Theirs { get; set; }

    public bool IsKnown => Theirs != 0;

    /// <summary>It has answered in <see cref="Mine"/>, and so has forgotten all before.</summary>
    public bool IsEstablished { get; set; }

    /// <summary>A message must go even if it is empty: the other learns the sessions from it.</summary>
    public bool IsHelloDue { get; set; } = true;

    public bool IsPingDue { get; set; }

    public MonoTime NextPing { get; set; }

    public MonoTime HeardAt { get; set; }

    public MonoTime WatchedSince { get; set; }

    public MonoTime WatchedUntil { get; set; }

    /// <summary>The version of the membership for which it has told all its patterns in this session.</summary>
    public ulong Complete { get; set; }

    /// <summary>The same for a newer version than this edge has: it may have told less than this edge still answers for. 0 for none.</summary>
    public ulong CompleteAhead { get; set; }

    /// <summary>What it said of others' silence, by whom it is about.</summary>
    public Dictionary<NodeId, Hearsay> Hearsay { get; } = [];

    /// <summary>Pings, and what this edge says as a follower.</summary>
    public FrameQueue Asking { get; } = new();

    /// <summary>What this edge says as a registrant.</summary>
    public FrameQueue Telling { get; } = new();

    /// <summary>What this edge says as a home.</summary>
    public FrameQueue Serving { get; } = new();

    public TellingState Told { get; } = new();

    public Registrar Registrar { get; } = new(id);

    /// <summary>As a follower of this edge.</summary>
    public HomeFollower? Follower { get; set; }

    /// <summary>As a home that this edge follows.</summary>
    public FollowedHome Followed { get; } = new();

    public bool IsFlooded => Asking.Waiting > InterestLimits.MaxWaiting || Telling.Waiting > InterestLimits.MaxWaiting || Serving.Waiting > InterestLimits.MaxWaiting;

    public void ClearQueues()
    {
        Asking.Clear();
        Telling.Clear();
        Serving.Clear();
    }
}
