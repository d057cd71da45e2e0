using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace WeCan.Hosting.Certificates;

/// <summary>
/// Judges certificates of peers by our authority alone, or by two while one replaces the other; the system's store counts for
/// nothing and no network is asked. A certificate is a peer's, so whatever is wrong with it is a verdict and never an
/// exception. Immutable; safe from any thread.
/// </summary>
public sealed class CertificateVerifier
{
    private readonly X509Certificate2[] _authorities;
    private readonly TimeProvider _time;

    public CertificateVerifier(TimeProvider time, params ReadOnlySpan<X509Certificate2> authorities)
    {
        if (authorities.IsEmpty)
            throw new ArgumentException("A verifier without an authority trusts nobody.", nameof(authorities));
        (_time, _authorities) = (time, authorities.ToArray());
    }

    public CertificateVerdict Verify(X509Certificate2? certificate)
    {
        if (certificate is null)
            return CertificateVerdict.Refused("the peer showed no certificate");
        var now = _time.GetUtcNow();
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        var isValid = chain.Build(certificate);
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        var issuer = isValid ? chain.ChainElements[^1].Certificate : null;
        try
        {
            return Judge(certificate, now, isValid, status, issuer);
        }
        finally
        {
            foreach (var element in chain.ChainElements)
                element.Certificate.Dispose();
        }
    }

    private CertificateVerdict Judge(X509Certificate2 certificate, DateTimeOffset now, bool isValid, X509ChainStatusFlags status, X509Certificate2? issuer)
    {
        if ((status & ~X509ChainStatusFlags.NotTimeValid) != X509ChainStatusFlags.NoError || (isValid && !IsOurs(issuer!)))
        {
            const X509ChainStatusFlags Foreign = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid;
            return (status & Foreign) != X509ChainStatusFlags.NoError || isValid
                ? CertificateVerdict.Refused($"it is signed by another authority than ours, which is {string.Join(" or ", _authorities.Select(Fingerprint.Of))}")
                : CertificateVerdict.Refused($"it is not valid: {status & ~X509ChainStatusFlags.NotTimeValid}");
        }

        var (from, until) = CertificateTimes.LifeOf(certificate);
        if (now > until)
            return CertificateVerdict.Refused($"it expired at {Stamp(until)}, and the clock here says {Stamp(now)}");
        if (now < from)
            return CertificateVerdict.Refused($"it is valid from {Stamp(from)} on, and the clock here says {Stamp(now)}: one of the two clocks is wrong");
        if (!isValid)
            return CertificateVerdict.Refused($"our authority's own certificate is not valid at {Stamp(now)}: look at this machine's clock, or replace the authority");
        if (CertificateAuthority.IsAuthority(certificate))
            return CertificateVerdict.Refused("it is an authority's, and speaks for no node");
        using var key = certificate.GetECDsaPublicKey();
        if (!NodeKey.IsP256(key))
            return CertificateVerdict.Refused("its key is not of P-256");
        return CertificateIdentity.TryRead(certificate, out var identity)
            ? CertificateVerdict.Trusted(identity!)
            : CertificateVerdict.Refused("it names neither a node nor a controller");
    }

    private bool IsOurs(X509Certificate2 issuer) => Array.Exists(_authorities, authority => authority.RawDataMemory.Span.SequenceEqual(issuer.RawDataMemory.Span));

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
