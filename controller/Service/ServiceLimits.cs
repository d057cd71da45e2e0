namespace WeCan.Controller.Service;

/// <summary>Bounds of what connects to a controller.</summary>
internal static class ServiceLimits
{
    /// <summary>Work that waits for the loop; who brings more waits with it.</summary>
    public const int WorkWaiting = 4_096;

    /// <summary>Frames that wait for one connection's socket; the session makes no more before there is room.</summary>
    public const int FramesWaiting = 4;

    /// <summary>What is read from a connection at once.</summary>
    public const int ReadBytes = 16 << 10;

    /// <summary>Connections at a time.</summary>
    public const int Connections = 20_000;

    /// <summary>Handshakes by QUIC at a time, with those that wait to be accepted; further ones are refused at once.</summary>
    public const int QuicBacklog = 512;

    /// <summary>Nodes at a time that are told over QUIC why they are refused; further ones get a code only.</summary>
    public const int QuicRefusals = 64;

    /// <summary>The body of a request over HTTP.</summary>
    public const int RequestBytes = 64 << 10;

    /// <summary>A node that does not take a frame within this time is let go of.</summary>
    public static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(15);

    /// <summary>A node that was told goodbye goes by itself within this time.</summary>
    public static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    /// <summary>A controller that stops lets go of nodes that have not gone by themselves after this: long enough for a goodbye.</summary>
    public static readonly TimeSpan StopTime = TimeSpan.FromSeconds(3);

    /// <summary>Where several controllers share a database: a leader that has not renewed its lease for so long is one no more.</summary>
    public static readonly TimeSpan LeaseLife = TimeSpan.FromMilliseconds(1_300);

    /// <summary>How often a leader renews it.</summary>
    public static readonly TimeSpan LeaseRenewal = TimeSpan.FromMilliseconds(300);

    /// <summary>How often who stands by looks whether it is free.</summary>
    public static readonly TimeSpan LeaseLook = TimeSpan.FromMilliseconds(150);

    /// <summary>Whoever leads answers within this, when a controller that cannot ask the database asks for the leader.</summary>
    public static readonly TimeSpan LeaderAnswer = TimeSpan.FromSeconds(1);

    /// <summary>Whoever led elsewhere by its own word and does not say so for so many times on end leads no more: a busy machine misses one.</summary>
    public const int LeaderMisses = 2;

    /// <summary>Answers that wait for a leadership: one for each kind of question, and one that nobody needs any more.</summary>
    public const int LeadershipAnswers = 4;

    /// <summary>A command that has no running controller to ask holds the lease for so long at most.</summary>
    public static readonly TimeSpan CommandLease = TimeSpan.FromSeconds(10);

    /// <summary>A store that failed is tried again after this.</summary>
    public static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    /// <summary>So long before the authority's end a controller begins to warn of it.</summary>
    public static readonly TimeSpan AuthorityEndsSoon = TimeSpan.FromDays(365);

    /// <summary>A handshake by QUIC that takes longer is given up.</summary>
    public static readonly TimeSpan QuicHandshakeTime = TimeSpan.FromSeconds(5);

    /// <summary>Who connected by QUIC opens the stream of its session within this time.</summary>
    public static readonly TimeSpan QuicStreamTime = TimeSpan.FromSeconds(5);

    /// <summary>The loop turns at least so often, so that its pulse is felt.</summary>
    public static readonly TimeSpan LoopTurn = TimeSpan.FromMilliseconds(500);
}
