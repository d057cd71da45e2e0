using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace WeCan.Protocol.Crypto;

/// <summary>
/// A private key on P-256 and its public key: a node's identity, or an ephemeral of one handshake. Whoever creates it
/// owns it and disposes of it, which erases the private bytes; they are pinned, so the collector leaves no copies.
/// </summary>
public sealed class P256KeyPair : IDisposable
{
    public const int ScalarBytes = P256Arithmetic.ScalarBytes;

    private static readonly byte[] Order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");

    private readonly byte[] _scalar = GC.AllocateUninitializedArray<byte>(ScalarBytes, pinned: true);
    private readonly P256Arithmetic _arithmetic;
    private bool _disposed;

    private P256KeyPair(ReadOnlySpan<byte> scalar, P256Arithmetic arithmetic)
    {
        scalar.CopyTo(_scalar);
        _arithmetic = arithmetic;
        PublicKey = arithmetic.PublicKeyOf(scalar);
    }

    public P256PublicKey PublicKey { get; }

    /// <summary>A new key out of the generator's next bytes: the same generator state gives the same key.</summary>
    public static P256KeyPair Generate(DeterministicRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<byte> scalar = stackalloc byte[ScalarBytes];
        do
            random.Fill(scalar);
        while (!IsInRange(scalar));

        var pair = new P256KeyPair(scalar, P256Arithmetic.Best);
        CryptographicOperations.ZeroMemory(scalar);
        return pair;
    }

    /// <summary>From the private number, 32 bytes big-endian; false if there are not 32 or the number is no key of this curve.</summary>
    public static bool TryFromScalar(ReadOnlySpan<byte> scalar, [NotNullWhen(true)] out P256KeyPair? pair) =>
        TryFromScalar(scalar, P256Arithmetic.Best, out pair);

    /// <summary>From PKCS#8 (DER), as key files hold it; false for anything else, and for keys of other curves.</summary>
    public static bool TryFromPkcs8(ReadOnlySpan<byte> pkcs8, [NotNullWhen(true)] out P256KeyPair? pair)
    {
        pair = null;
        ECParameters parameters = default;
        try
        {
            using var key = ECDiffieHellman.Create();
            key.ImportPkcs8PrivateKey(pkcs8, out var read);
            parameters = key.ExportParameters(includePrivateParameters: true);
            return read == pkcs8.Length
                && string.Equals(parameters.Curve.Oid.Value, ECCurve.NamedCurves.nistP256.Oid.Value, StringComparison.Ordinal)
                && TryFromScalar(parameters.D, out pair);
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    /// <summary>Writes the private number, 32 bytes.</summary>
    public void ExportScalar(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _scalar.CopyTo(destination);
    }

    /// <summary>PKCS#8 (DER) for a key file. The caller erases the array when it is done with it.</summary>
    public byte[] ExportPkcs8()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var point = PublicKey.ToArray();
        using var key = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = _scalar,
            Q = new() { X = point[..32], Y = point[32..] },
        });
        return key.ExportPkcs8PrivateKey();
    }

    /// <summary>The agreement's raw secret: X of the shared point, 32 bytes. False if the peer's key is none.</summary>
    public bool TryAgree(in P256PublicKey peer, Span<byte> secret)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _arithmetic.TryAgree(_scalar, PublicKey, peer, secret);
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_scalar);
    }

    /// <summary>The public key alone.</summary>
    public override string ToString() => PublicKey.ToString();

    internal static bool TryFromScalar(
        ReadOnlySpan<byte> scalar, P256Arithmetic arithmetic, [NotNullWhen(true)] out P256KeyPair? pair)
    {
        pair = IsInRange(scalar) ? new P256KeyPair(scalar, arithmetic) : null;
        return pair is not null;
    }

    /// <summary>From 1 to the order less 1. Where the first differing byte stands says next to nothing about the key.</summary>
    private static bool IsInRange(ReadOnlySpan<byte> scalar) =>
        scalar.Length == ScalarBytes && scalar.SequenceCompareTo(Order) < 0 && scalar.ContainsAnyExcept((byte)0);
}
