namespace WeCan.Hosting.Certificates;

/// <summary>What became of a certificate that a peer showed: the identity it proves, or a sentence that says why it proves none.</summary>
public sealed record CertificateVerdict
{
    private CertificateVerdict(CertificateIdentity? identity, string? reason) => (Identity, Reason) = (identity, reason);

    public CertificateIdentity? Identity { get; }

    public string? Reason { get; }

    public bool IsTrusted => Identity is not null;

    internal static CertificateVerdict Trusted(CertificateIdentity identity) => new(identity, null);

    internal static CertificateVerdict Refused(string reason) => new(null, reason);
}
