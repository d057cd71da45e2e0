namespace WeCan.Protocol.Crypto;

/// <summary>The ciphers that seal datagrams. The values are the wire's (docs/wire-format.md, section 3).</summary>
public enum CipherSuite : byte
{
    /// <summary>Where the processor has AES: the fastest there by three times and more.</summary>
    Aes128Gcm = 1,

    /// <summary>Where it has not.</summary>
    ChaCha20Poly1305 = 2,
}
