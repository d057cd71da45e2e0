namespace WeCan.Runtime.Control;

/// <summary>Bounds of a node's side of the control plane that are its own; those that both ends hold are in ControlLimits.</summary>
internal static class ControlClientLimits
{
    /// <summary>A controller's answer to a request over HTTP.</summary>
    public const int AnswerBytes = 256 << 10;

    /// <summary>What is read from a session at once.</summary>
    public const int ReadBytes = 16 << 10;

    /// <summary>The membership on disk; a larger file is no membership.</summary>
    public const int MembershipFileBytes = 64 << 20;

    /// <summary>The file that says who this node is.</summary>
    public const int RecordFileBytes = 64 << 10;

    /// <summary>Addresses of which it is remembered that QUIC does not come through.</summary>
    public const int AddressesRemembered = 64;

    /// <summary>How long QUIC is tried alone, before the WebSocket is tried beside it.</summary>
    public static readonly TimeSpan QuicHeadStart = TimeSpan.FromMilliseconds(300);

    /// <summary>A controller by whose address QUIC does not come through is asked without it for so long.</summary>
    public static readonly TimeSpan WithoutQuic = TimeSpan.FromHours(1);

    /// <summary>One controller is given up after so long, and the next one asked.</summary>
    public static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);

    /// <summary>One that is asked to let a node in has longer: it writes to its disk before it answers, and a hundred may ask at once.</summary>
    public static readonly TimeSpan EnrolTime = TimeSpan.FromSeconds(15);

    /// <summary>A frame that a controller does not take within this time ends the session.</summary>
    public static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(15);

    /// <summary>A goodbye has so long to leave.</summary>
    public static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(1);

    /// <summary>The pause after the first failure, doubled with each one, with chance mixed in so that a thousand nodes do not come at once.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);

    public static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);

    /// <summary>A controller that asks to be left alone for longer is asked again after this.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    /// <summary>A session that stood for so long was a good one: the next failure counts as the first.</summary>
    public static readonly TimeSpan GoodSession = TimeSpan.FromSeconds(10);

    /// <summary>How often what hangs on the clock is looked at: members' ends, the certificate, what waits for the disk.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>A request for a certificate that was not answered is repeated after this.</summary>
    public static readonly TimeSpan RenewalRetry = TimeSpan.FromMinutes(10);

    /// <summary>A clock that is off by less is not worth a line in the log.</summary>
    public static readonly TimeSpan ClockWorthTelling = TimeSpan.FromMinutes(5);
}
