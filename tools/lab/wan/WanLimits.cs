namespace WeCan.Lab.Wan;

/// <summary>Every bound of the emulated network in one place. The ones that wanlab.c has too carry its values or more.</summary>
public static class WanLimits
{
    /// <summary>Hosts of one scenario; wanlab itself takes 128.</summary>
    public const int MaxHosts = 512;

    /// <summary>Timed changes of one scenario; wanlab itself takes 1,024.</summary>
    public const int MaxTimedChanges = 65_536;

    public const int MaxScenarioCharacters = 4 << 20;

    /// <summary>Longest line that wanlab reads in one piece.</summary>
    public const int MaxLineCharacters = 510;

    public const int MaxHostNameCharacters = 11;

    /// <summary>Bounds of an mtu, in bytes of an IP packet.</summary>
    public const int MinMtu = 576;

    public const int MaxMtu = 9_216;

    public const int DefaultMtu = 1_500;

    /// <summary>What IPv4 and UDP add to a datagram: rates and mtu count it.</summary>
    public const int IpUdpHeader = 28;

    public const int MaxDatagram = MaxMtu - IpUdpHeader;

    /// <summary>Packets under way at once in one network or pipe; a packet beyond it is refused as <see cref="PacketFate.Full"/>.</summary>
    public const int MaxInFlight = 131_072;

    /// <summary>Largest delay, jitter or queue: a day.</summary>
    public const double MaxMilliseconds = 86_400_000;

    /// <summary>Latest time of an <c>at</c> line: some ten years.</summary>
    public const double MaxAtSeconds = 315_360_000;

    /// <summary>Numbers that links may share a queue by.</summary>
    public const int MaxShare = 65_535;

    public const double MaxBurstPackets = 1_000_000;

    public const double MinRateMbps = 0.001;

    public const double MaxRateMbps = 1_000_000;

    /// <summary>A clock may run this far fast or slow.</summary>
    public const double MaxDriftPpm = 100_000;
}
