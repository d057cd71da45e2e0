using System.Security.Cryptography;

namespace WeCan.Protocol.Crypto;

/// <summary>By .NET's classes, which check every key that they are given once more: about 300 µs for an agreement.</summary>
internal sealed class DotNetP256Arithmetic : P256Arithmetic
{
    public override P256PublicKey PublicKeyOf(ReadOnlySpan<byte> scalar)
    {
        var secret = scalar.ToArray();
        try
        {
            using var key = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret });
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            return P256PublicKey.FromTrusted([.. point.X!, .. point.Y!]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    public override bool TryAgree(ReadOnlySpan<byte> scalar, in P256PublicKey own, in P256PublicKey peer, Span<byte> secret)
    {
        if (peer.IsNone)
            return false;
        var privateBytes = scalar.ToArray();
        byte[] agreed = [];
        try
        {
            using var key = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = privateBytes, Q = ToPoint(own) });
            using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = ToPoint(peer) });
            using var otherPublic = other.PublicKey;
            agreed = key.DeriveRawSecretAgreement(otherPublic);
            agreed.CopyTo(secret);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateBytes);
            CryptographicOperations.ZeroMemory(agreed);
        }
    }

    private static ECPoint ToPoint(in P256PublicKey key)
    {
        var bytes = key.ToArray();
        return new() { X = bytes[..32], Y = bytes[32..] };
    }
}
