using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using WeCan.Hosting.Daemon;

namespace WeCan.Hosting.Certificates;

/// <summary>
/// The authority of one network: a P-256 key and its own certificate, which may sign certificates of ends and no further
/// authority. Held by the controller alone. Owns the certificate that it is made with.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    private const int SerialBytes = 16;
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    /// <param name="certificate">The authority's certificate with its private key.</param>
    public CertificateAuthority(X509Certificate2 certificate)
    {
        if (!certificate.HasPrivateKey)
            throw new DaemonException("The authority's certificate is without its key: nothing can be signed. Give the key that belongs to it.", ExitCodes.Config);
        if (!IsAuthority(certificate))
            throw new DaemonException($"The certificate {Fingerprint.Of(certificate)} is no authority's: give the one that `init` made.", ExitCodes.Config);
        Certificate = certificate;
    }

    public X509Certificate2 Certificate { get; }

    public Fingerprint Fingerprint => Fingerprint.Of(Certificate);

    public static CertificateAuthority Create(string network, DateTimeOffset now, TimeSpan life)
    {
        if (!CertificateIdentity.IsName(network))
            throw new ArgumentException($"\"{network}\" cannot stand in a certificate.", nameof(network));
        using var key = NodeKey.Create();
        var request = new CertificateRequest($"CN={network}, O=WeCan authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));

        // What it signs begins up to a day before its making, and must not begin before the authority.
        return new(request.CreateSelfSigned(now - CertificateTimes.MostBackdated, now + life));
    }

    /// <summary>
    /// Signs a certificate for the key of a request (PEM), whatever else the request asks for. Null if the request is malformed,
    /// is not signed by its own key, or has a key that is not P-256; then <paramref name="wrong"/> says so.
    /// </summary>
    public X509Certificate2? TryIssue(string request, CertificateIdentity identity, DateTimeOffset now, TimeSpan life, out string? wrong)
    {
        wrong = null;
        try
        {
            var asked = CertificateRequest.LoadSigningRequestPem(request, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.Default);
            using var key = asked.PublicKey.GetECDsaPublicKey();
            if (NodeKey.IsP256(key))
                return Issue(asked.PublicKey, identity, now, life);
            wrong = "the key is not of P-256";
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            wrong = "the request is malformed, or not signed by its own key";
        }

        return null;
    }

    /// <summary>Signs a certificate for a key that is known to be P-256 and its owner's.</summary>
    public X509Certificate2 Issue(PublicKey key, CertificateIdentity identity, DateTimeOffset now, TimeSpan life)
    {
        var request = new CertificateRequest(new X500DistinguishedName($"CN={identity.Name}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerUse, ClientUse], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(identity.Uri);
        request.CertificateExtensions.Add(names.Build(critical: false));

        var (authorityFrom, authorityUntil) = CertificateTimes.LifeOf(Certificate);
        var from = CertificateTimes.Backdated(now, life);
        var until = now + life;
        using var signer = Certificate.GetECDsaPrivateKey()!;
        return request.Create(
            Certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(signer),
            from < authorityFrom ? authorityFrom : from,
            until > authorityUntil ? authorityUntil : until,
            Serial());
    }

    public void Dispose() => Certificate.Dispose();

    internal static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);

    // Positive, and with its full length, as a serial number is an integer in DER.
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}
