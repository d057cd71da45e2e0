using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using WeCan.Hosting.Certificates;

namespace WeCan.Runtime.Control;

/// <summary>
/// Whom a node takes for a controller: who shows a controller's certificate of one of its network's authorities. A certificate
/// that begins later than the clock here says is good all the same: our authority signed it, so it is our clock that is
/// behind, and the controller is who will put it right.
/// </summary>
internal sealed class ControllerTrust(X509Certificate2[] authorities, Func<DateTimeOffset> now)
{
    /// <summary>Why the last peer was refused, as a clause of a sentence; null if it was not.</summary>
    public string? Refusal { get; private set; }

    public RemoteCertificateValidationCallback Callback => (_, certificate, _, _) => Judge(certificate as X509Certificate2);

    private bool Judge(X509Certificate2? certificate)
    {
        var at = now();
        if (certificate is not null && new DateTimeOffset(certificate.NotBefore.ToUniversalTime()) is var from && from > at)
            at = from;
        var verdict = new CertificateVerifier(new FixedTime(at), authorities).Verify(certificate);
        Refusal = verdict.Reason ?? (verdict.Identity!.Role == "controller" ? null : $"its certificate is that of {verdict.Identity.Uri}, not a controller's");
        return Refusal is null;
    }
}
