using WeCan.Contracts.Access;
using WeCan.Protocol.Handshakes;

namespace WeCan.MessageBus.Protocol.Tokens;

/// <summary>The bounds of a token, beside those that who keeps keys has too (<see cref="AccessLimits"/>).</summary>
internal static class TokenLimits
{
    /// <summary>So much fits in a client's first datagram; the other accesses take no more.</summary>
    public const int MaxBytes = HandshakeLimits.MaxTokenBytes;

    /// <summary>Patterns of each kind in one token; a token of <see cref="MaxBytes"/> hardly holds more.</summary>
    public const int MaxPatterns = 64;
}
