using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// Where things stand in handshake datagrams (drawn in docs/wire-format.md, sections 3.1 to 3.5).
/// <code>
/// initiation  type, format, suite, 0 | LinkId (4) | ephemeral (64) | nodes: static key, sealed (80) | payload, sealed | mac1 (16) | mac2 (16)
/// response    type, format, 0, 0 | LinkId (4) | receiver's LinkId (4) | ephemeral (64) | payload, sealed | nodes: mac1 (16)
/// cookie      type, format, suite, 0 | receiver's LinkId (4) | nonce (16) | cookie, sealed (32)
/// </code>
/// </summary>
internal static class HandshakeWire
{
    public const byte NodeInitiation = 0x01;
    public const byte NodeResponse = 0x02;
    public const byte CookieReply = 0x03;
    public const byte ClientInitiation = 0x04;
    public const byte ClientResponse = 0x05;

    public const byte Format = 1;

    public const int SenderLink = 4;
    public const int MacBytes = 16;

    public const int InitiationHeaderBytes = 8;
    public const int SealedStatic = InitiationHeaderBytes + P256PublicKey.Bytes;
    public const int SealedStaticBytes = P256PublicKey.Bytes + AeadKey.TagBytes;
    public const int NodePayload = SealedStatic + SealedStaticBytes;
    public const int ClientPayload = InitiationHeaderBytes + P256PublicKey.Bytes;

    /// <summary>All of an initiation but its payload.</summary>
    public const int NodeInitiationOverhead = NodePayload + AeadKey.TagBytes + (2 * MacBytes);
    public const int ClientInitiationOverhead = ClientPayload + AeadKey.TagBytes + (2 * MacBytes);

    public const int ReceiverLink = 8;
    public const int ResponseHeaderBytes = 12;
    public const int ResponsePayload = ResponseHeaderBytes + P256PublicKey.Bytes;
    public const int NodeResponseOverhead = ResponsePayload + AeadKey.TagBytes + MacBytes;
    public const int ClientResponseOverhead = ResponsePayload + AeadKey.TagBytes;

    public const int CookieNonce = 8;
    public const int CookieNonceBytes = 16;
    public const int SealedCookie = CookieNonce + CookieNonceBytes;
    public const int CookieBytes = 16;
    public const int CookieReplyBytes = SealedCookie + CookieBytes + AeadKey.TagBytes;

    public static ReadOnlySpan<byte> NodeProtocolName => "wecan node IK P256 SHA256 v1"u8;

    public static ReadOnlySpan<byte> EdgesProtocolName => "wecan edges IK P256 SHA256 v1"u8;

    public static ReadOnlySpan<byte> ClientProtocolName => "wecan client NK P256 SHA256 v1"u8;
}
