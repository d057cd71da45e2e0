using System.Security.Cryptography.X509Certificates;
using WeCan.Hosting.Certificates;
using Fingerprint = WeCan.Contracts.Control.Fingerprint;

namespace WeCan.Controller.Authority;

/// <summary>
/// The authority as a controller holds it: the one that signs; while that replaces another, the outgoing one, whose
/// certificates still count; and this controller's own certificate, signed by one of them. Nodes that come for the first
/// time, or come back after long, know no more than a token or an old certificate told them: so the controller shows the
/// outgoing one's signature until that is retired, and tokens name it. Owns what it is made with.
/// </summary>
internal sealed class NetworkAuthority : IDisposable
{
    private readonly X509Certificate2? _outgoing;

    private NetworkAuthority(CertificateAuthority signing, X509Certificate2? outgoing, X509Certificate2 own) =>
        (Signing, _outgoing, Own) = (signing, outgoing, own);

    public CertificateAuthority Signing { get; }

    /// <summary>This controller's own certificate.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>Those whose certificates count; the one that signs comes first, and is whose certificate a node should have.</summary>
    public IReadOnlyList<byte[]> Trusted => _outgoing is null ? [Signing.Certificate.RawData] : [Signing.Certificate.RawData, _outgoing.RawData];

    /// <summary>The authority that signed this controller's own certificate, by which a stranger knows the controller.</summary>
    public required X509Certificate2 Face { get; init; }

    public Fingerprint FaceFingerprint => Fingerprint.Of(Face.RawData);

    public Fingerprint SigningFingerprint => Fingerprint.Of(Signing.Certificate.RawData);

    /// <summary>As people compare them.</summary>
    public string SigningText => Signing.Fingerprint.ToString();

    public string OutgoingText => _outgoing is null ? "none" : Hosting.Certificates.Fingerprint.Of(_outgoing).ToString();

    public bool IsRotating => _outgoing is not null;

    /// <summary>
    /// Loads it from a folder that this process has for itself, as it holds the store open: finishes a rotation that a crash cut
    /// off, and signs this controller's own certificate anew where it would not be taken for one.
    /// </summary>
    public static NetworkAuthority Open(DataFolder folder, TimeProvider time)
    {
        AuthorityRotation.Finish(folder);
        var signing = folder.LoadAuthority();
        X509Certificate2? outgoing = null;
        X509Certificate2? own = null;
        try
        {
            outgoing = folder.LoadOutgoing();
            own = folder.LoadOwn();
            X509Certificate2[] trusted = outgoing is null ? [signing.Certificate] : [signing.Certificate, outgoing];
            if (!new CertificateVerifier(time, trusted).Verify(own).IsTrusted)
                own = SignAnew(folder, signing, own, time);
            return new(signing, outgoing, own) { Face = FaceOf(signing.Certificate, outgoing, own, time) };
        }
        catch
        {
            own?.Dispose();
            outgoing?.Dispose();
            signing.Dispose();
            throw;
        }
    }

    public CertificateVerifier Verifier(TimeProvider time) =>
        _outgoing is null ? new(time, Signing.Certificate) : new(time, Signing.Certificate, _outgoing);

    public void Dispose()
    {
        Own.Dispose();
        _outgoing?.Dispose();
        Signing.Dispose();
    }

    private static X509Certificate2 SignAnew(DataFolder folder, CertificateAuthority signing, X509Certificate2 own, TimeProvider time)
    {
        var name = CertificateIdentity.TryRead(own, out var identity) ? identity!.Name : "controller";
        own.Dispose();
        NetworkInit.IssueOwn(folder, signing, name, time.GetUtcNow());
        return folder.LoadOwn();
    }

    private static X509Certificate2 FaceOf(X509Certificate2 signing, X509Certificate2? outgoing, X509Certificate2 own, TimeProvider time) =>
        outgoing is not null && new CertificateVerifier(time, outgoing).Verify(own).IsTrusted ? outgoing : signing;
}
