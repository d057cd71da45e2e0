using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WeCan.Contracts.Control;
using WeCan.Controller.Core;
using WeCan.Hosting.Certificates;
using Fingerprint = WeCan.Contracts.Control.Fingerprint;

namespace WeCan.Controller.Authority;

/// <summary>The cryptography that the core is handed: requests read and certificates signed with the authority's key.</summary>
internal sealed class AuthorityOffice(NetworkAuthority authority, TimeProvider time)
{
    private static readonly ECCurve Curve = ECCurve.NamedCurves.nistP256;

    public CertificateOffice ToOffice() => new(ReadRequest, IsOnCurve, Issue);

    /// <summary>The fingerprint of the key in a request that its maker signed with it; none otherwise.</summary>
    public static Fingerprint ReadRequest(byte[] request)
    {
        try
        {
            var asked = CertificateRequest.LoadSigningRequest(request, HashAlgorithmName.SHA256);
            using var key = asked.PublicKey.GetECDsaPublicKey();
            return key is { KeySize: 256 } && IsP256(key.ExportParameters(includePrivateParameters: false).Curve) ? KeyOf(asked.PublicKey) : default;
        }
        catch (Exception malformed) when (malformed is CryptographicException or ArgumentException)
        {
            return default;
        }
    }

    public static Fingerprint KeyOf(PublicKey key) => Fingerprint.Of(key.ExportSubjectPublicKeyInfo());

    public static bool IsOnCurve(OverlayKey key)
    {
        var bytes = key.ToArray();
        try
        {
            using var point = ECDiffieHellman.Create(new ECParameters { Curve = Curve, Q = new() { X = bytes[..32], Y = bytes[32..] } });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    // A platform may know a curve by its number, by its name, or by both.
    private static bool IsP256(ECCurve curve) =>
        curve.IsNamed && (curve.Oid.Value == Curve.Oid.Value || curve.Oid.FriendlyName == Curve.Oid.FriendlyName);

    /// <summary>The certificate, and after it the authorities that its node is to trust.</summary>
    private byte[][] Issue(IssueOrder order)
    {
        var now = time.GetUtcNow();
        var asked = CertificateRequest.LoadSigningRequest(order.Request, HashAlgorithmName.SHA256);
        using var certificate = authority.Signing.Issue(asked.PublicKey, CertificateIdentity.Node(order.Number.Value, $"node-{order.Number.Value}"), now, order.Expires.ToDateTimeOffset() - now);
        return [certificate.RawData, .. authority.Trusted];
    }
}
