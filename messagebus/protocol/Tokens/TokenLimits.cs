using WeCan.Contracts;
using WeCan.Protocol.Handshakes;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>The bounds of tokens and of the keys that sign them.</summary>
internal static class TokenLimits
{
    /// <summary>So much fits in a client's first datagram; the other accesses take no more.</summary>
    public const int MaxBytes = HandshakeLimits.MaxTokenBytes;

    /// <summary>The parts of a token's name for its key, its client and itself.</summary>
    public const int MaxNameBytes = 128;

    /// <summary>Patterns of each kind in one token; a token of <see cref="MaxBytes"/> hardly holds more.</summary>
    public const int MaxPatterns = 64;

    /// <summary>Keys in one set: those in use, those that come and those that go.</summary>
    public const int MaxKeys = 64;

    /// <summary>Clocks of those who sign and those who verify may be so far apart at a token's beginning.</summary>
    public static readonly Duration ClockTolerance = Duration.FromSeconds(60);
}
