namespace WeCan.Protocol.Crypto;

/// <summary>
/// Multiplication of points on P-256, all that key agreement needs. Chosen once for the process, as <see cref="AeadProvider"/> is.
/// Scalars are 32 bytes, big-endian, from 1 to the group's order less 1; both take a time that does not depend on the scalar.
/// </summary>
internal abstract class P256Arithmetic
{
    public const int ScalarBytes = 32;

    public static P256Arithmetic DotNet { get; } = new DotNetP256Arithmetic();

    public static P256Arithmetic? OpenSsl { get; } = OpenSslP256Arithmetic.TryCreate();

    public static P256Arithmetic Best { get; } = OpenSsl ?? DotNet;

    /// <summary>The public key of a private scalar. Throws for a scalar out of range: whoever brought it checked it.</summary>
    public abstract P256PublicKey PublicKeyOf(ReadOnlySpan<byte> scalar);

    /// <summary>Writes X of the product, 32 bytes; false if the peer's key is none.</summary>
    public abstract bool TryAgree(ReadOnlySpan<byte> scalar, in P256PublicKey own, in P256PublicKey peer, Span<byte> secret);
}
