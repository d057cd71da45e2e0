using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WeCan.Hosting.Certificates;

/// <summary>Keys of nodes: P-256, made where they are used, never sent.</summary>
public static class NodeKey
{
    public static ECDsa Create() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A request for a certificate, in PEM. It proves that its maker has the key; whom the certificate will name is the authority's to say.</summary>
    public static string CreateRequest(ECDsa key) =>
        new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();

    internal static bool IsP256(ECDsa? key)
    {
        if (key is not { KeySize: 256 })
            return false;
        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return curve.IsNamed && (curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value || curve.Oid.FriendlyName == ECCurve.NamedCurves.nistP256.Oid.FriendlyName);
    }
}
