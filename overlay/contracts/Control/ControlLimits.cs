namespace WeCan.Contracts.Control;

/// <summary>The bounds of the control plane: docs/control.md names them, and both ends hold them.</summary>
public static class ControlLimits
{
    /// <summary>The version of the control session that this code speaks.</summary>
    public const int Protocol = 1;

    /// <summary>The payload of one frame; a longer one ends the session before it is stored.</summary>
    public const int MaxFrame = 1 << 20;

    /// <summary>How much of a membership one snapshot piece or delta carries, so that nothing waits long behind it.</summary>
    public const int MaxPiece = 64 << 10;

    /// <summary>What one member takes at most when it is written; a test holds the longest against it.</summary>
    public const int MaxMember = 512;

    /// <summary>Addresses at which one node can be reached.</summary>
    public const int MaxAddresses = 8;

    /// <summary>A node's or a network's name.</summary>
    public const int MaxName = 63;

    /// <summary>A region, a site or an operator.</summary>
    public const int MaxPlace = 32;

    /// <summary>Text for people: a reason, a program's version.</summary>
    public const int MaxText = 400;

    /// <summary>A certificate or a request for one, in DER.</summary>
    public const int MaxCertificate = 8 << 10;

    /// <summary>Certificates that are sent together: a chain, or the authorities that are trusted.</summary>
    public const int MaxCertificates = 4;

    /// <summary>Addresses of controllers that a node is told.</summary>
    public const int MaxControllers = 8;

    /// <summary>A controller's address: a host name, a colon and a port.</summary>
    public const int MaxControllerAddress = 261;

    /// <summary>Changes of state (addresses, draining, renewal) that one node may ask for within a second.</summary>
    public const int MaxRequestsPerSecond = 20;

    /// <summary>Messages that wait for whoever drives a session; the session reads no further meanwhile.</summary>
    public const int MaxMessagesWaiting = 64;

    /// <summary>How far two wall clocks may differ before a member is dropped too early or too late.</summary>
    public static readonly Duration ClockDifference = Duration.FromSeconds(300);

    /// <summary>After so long without a frame of the other side one asks whether it is there.</summary>
    public static readonly Duration PingAfter = Duration.FromSeconds(5);

    /// <summary>After so long without a frame of the other side the session is over.</summary>
    public static readonly Duration SilenceAllowed = Duration.FromSeconds(15);

    /// <summary>
    /// Over QUIC a node's connection says so often that it is there: a controller that is gone closes no connection, as TCP's
    /// kernel would.
    /// </summary>
    public static readonly Duration QuicKeepAlive = Duration.FromSeconds(2);

    /// <summary>After so long without a packet a connection by QUIC is over.</summary>
    public static readonly Duration QuicSilenceAllowed = Duration.FromSeconds(6);

    /// <summary>A snapshot is not sent again sooner, whatever a node asks for.</summary>
    public static readonly Duration SnapshotInterval = Duration.FromSeconds(1);
}
