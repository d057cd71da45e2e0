using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>What the responder chose out of an offer.</summary>
internal readonly record struct Agreement(byte Version, CipherSuite Cipher, ulong Features);
