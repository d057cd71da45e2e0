namespace WeCan.Protocol.Handshakes;

/// <summary>The specification's bounds of handshakes (docs/wire-format.md, section 3), and how long a cookie's secret is used.</summary>
public static class HandshakeLimits
{
    /// <summary>No handshake datagram is longer: every path carries this much.</summary>
    public const int MaxDatagramBytes = 1_124;

    /// <summary>What remains for a client's token in an initiation of <see cref="MaxDatagramBytes"/> without extensions.</summary>
    public const int MaxTokenBytes = MaxDatagramBytes - HandshakeWire.ClientInitiationOverhead - ClientHello.FixedBytes;

    /// <summary>No response or cookie reply that this version writes is longer.</summary>
    public const int MaxAnswerBytes = HandshakeWire.NodeResponseOverhead + Welcome.Bytes;

    /// <summary>Old initiations that are known as such at once when they come again, and for how long each.</summary>
    internal const int SpentInitiations = 1_024;

    internal static readonly Contracts.Duration SpentFor = Contracts.Duration.FromSeconds(10);

    internal static readonly Contracts.Duration CookieSecretLifetime = Contracts.Duration.FromSeconds(120);
}
