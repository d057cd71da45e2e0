using WeCan.Contracts;

namespace WeCan.Edge.Bus.Web;

/// <summary>What clients who come by TLS can make an edge hold, and for how long.</summary>
internal static class WebLimits
{
    /// <summary>Connections at a time, of strangers and clients together.</summary>
    public const int Connections = 32_768;

    /// <summary>Of those, connections that have not said who they are; one more ends the one that has been silent for the longest.</summary>
    public const int Strangers = 4_096;

    /// <summary>TLS handshakes at a time; one more ends the one that has taken the longest.</summary>
    public const int Handshakes = 1_024;

    /// <summary>Connections that the system holds until they are taken.</summary>
    public const int Backlog = 1_024;

    /// <summary>What is received of a client at a time; no more is read before that was handled.</summary>
    public const int ReceiveBytes = 16 << 10;

    /// <summary>What waits to be sent to a client here; the rest waits in its session, within the bounds of sessions.</summary>
    public const int SendBytes = 64 << 10;

    /// <summary>The first buffer for what is to be sent.</summary>
    public const int SendBytesAtFirst = 4 << 10;

    /// <summary>What the loop does for these clients in one turn, before others have theirs.</summary>
    public const int OrdersPerTurn = 64;

    /// <summary>Tokens are verified in one turn; each costs a tenth of a millisecond.</summary>
    public const int TokensPerTurn = 8;

    /// <summary>Messages of one client that were posted and are not confirmed, and their bytes.</summary>
    public const int Posts = 256;

    public const int PostBytes = 4 << 20;

    /// <summary>Bodies of posted messages that are being received or wait to be confirmed, in bytes, of all clients.</summary>
    public const long BodyBytes = 64L << 20;

    /// <summary>What is still taken from who was refused, so that he hears why.</summary>
    public const int FarewellBytes = 1 << 20;

    /// <summary>Within this a connection is a client's, or has brought its next request whole: first byte, handshake, head, body and greeting.</summary>
    public static readonly TimeSpan StrangerTime = TimeSpan.FromSeconds(15);

    /// <summary>A TLS handshake takes no longer.</summary>
    public static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(8);

    /// <summary>How often those whose time is over are looked for.</summary>
    public static readonly TimeSpan StrangerLook = TimeSpan.FromSeconds(1);

    /// <summary>A posted message is confirmed within this, or its sender is told that it was not.</summary>
    public static readonly Duration PostTime = Duration.FromSeconds(10);

    /// <summary>The session by which a client's messages are posted is kept so long without one: as long as its ids of messages.</summary>
    public static readonly Duration PosterIdle = Duration.FromSeconds(240);

    /// <summary>A client that says nothing for so long is gone: its library says something every 10 s.</summary>
    public static readonly Duration Silence = Duration.FromSeconds(45);

    /// <summary>How often a client is looked at: whether its token has ended, and when it said something last.</summary>
    public static readonly Duration Look = Duration.FromSeconds(5);

    /// <summary>Who was told the last word may take so long to go by itself.</summary>
    public static readonly Duration FarewellTime = Duration.FromSeconds(2);

    /// <summary>A server that cannot take a connection tries again after this.</summary>
    public static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the files of the certificate are looked at.</summary>
    public static readonly TimeSpan CertificateLook = TimeSpan.FromSeconds(10);

    /// <summary>So long before its end a certificate is warned of, and again each day.</summary>
    public static readonly TimeSpan CertificateWarning = TimeSpan.FromDays(14);

    public static readonly TimeSpan CertificateReminder = TimeSpan.FromDays(1);

    /// <summary>A certificate or key in PEM is no larger.</summary>
    public const int PemBytes = 256 << 10;
}
