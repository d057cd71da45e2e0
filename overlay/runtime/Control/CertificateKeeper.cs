using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Sessions;
using WeCan.Hosting.Certificates;
using WeCan.Hosting.Daemon;

namespace WeCan.Runtime.Control;

/// <summary>
/// The certificate that a node shows, and its renewal. It is asked for anew when two thirds of its life are over, and when another
/// authority signs now than the one that signed it; for the same keys, so that the newest counts as soon as it is on the
/// disk, and the session that brought it goes on. Called under the client's lock alone.
/// </summary>
internal sealed class CertificateKeeper : IDisposable
{
    private readonly NodeFolder _folder;
    private readonly NodeRecord _record;
    private readonly NodeClock _clock;
    private readonly OverlayKey _overlayKey;
    private readonly ILogger _log;
    private readonly List<X509Certificate2> _older = [];
    private DateTimeOffset _askedAt = DateTimeOffset.MinValue;
    private bool _isOfSigner;

    public CertificateKeeper(NodeFolder folder, NodeRecord record, NodeClock clock, OverlayKey overlayKey, ILogger log)
    {
        (_folder, _record, _clock, _overlayKey, _log) = (folder, record, clock, overlayKey, log);
        Current = folder.LoadCertificate();
        Authorities = folder.LoadAuthorities();
        _isOfSigner = IsSignedBy(Current, Authorities[0]);
    }

    /// <summary>The newest certificate, with its key.</summary>
    public X509Certificate2 Current { get; private set; }

    /// <summary>Whom this node trusts to sign a controller's certificate; the one that signs nodes' now comes first.</summary>
    public X509Certificate2[] Authorities { get; private set; }

    public DateTimeOffset End => new(Current.NotAfter.ToUniversalTime());

    /// <summary>A session began: what was asked in the one before was not answered.</summary>
    public void Forget() => _askedAt = DateTimeOffset.MinValue;

    public void AskIfDue(NodeSession session)
    {
        var now = _clock.Now;
        if ((_isOfSigner && !CertificateTimes.IsDueForRenewal(Current, now)) || now - _askedAt < ControlClientLimits.RenewalRetry)
            return;
        _askedAt = now;
        using var key = _folder.TlsKey();
        session.Renew(new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256).CreateSigningRequest(), _overlayKey);
    }

    /// <summary>Takes what the controller made. What is not this node's, or cannot be kept, changes nothing.</summary>
    public void Take(CertificateMessage answer)
    {
        try
        {
            X509Certificate2[] chain = [.. answer.Chain.Select(X509CertificateLoader.LoadCertificate)];
            if (Problem(chain[0]) is { } problem)
            {
                ControlLog.NotRenewed(_log, End, problem);
                return;
            }

            _folder.SaveChain(chain);
            _older.Add(Current);
            Current = _folder.LoadCertificate();
            _isOfSigner = IsSignedBy(Current, Authorities[0]);
            ControlLog.Renewed(_log, End);
        }
        catch (Exception failure) when (failure is DaemonException or CryptographicException)
        {
            ControlLog.NotRenewed(_log, End, failure.Message);
        }
    }

    public void Refused(RefusalMessage refusal)
    {
        if (refusal.Refused == ControlKind.Renew)
            ControlLog.NotRenewed(_log, End, refusal.Text);
    }

    /// <summary>Trusts other authorities from now on, such as the next one beside the present. None are no word about them.</summary>
    public void Trust(IReadOnlyList<byte[]> authorities)
    {
        var isSame = authorities.Count == Authorities.Length && authorities.Zip(Authorities).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second.RawDataMemory.Span));
        if (authorities.Count == 0 || isSame)
            return;
        try
        {
            X509Certificate2[] all = [.. authorities.Select(X509CertificateLoader.LoadCertificate)];
            _folder.SaveAuthorities(all);
            _older.AddRange(Authorities);
            Authorities = all;
            _isOfSigner = IsSignedBy(Current, all[0]);
            ControlLog.Trusts(_log, string.Join(" and ", all.Select(authority => Hosting.Certificates.Fingerprint.Of(authority).ToString())));
        }
        catch (Exception failure) when (failure is DaemonException or CryptographicException)
        {
            ControlLog.NotKept(_log, failure.Message);
        }
    }

    public void Dispose()
    {
        Current.Dispose();
        foreach (var certificate in _older.Concat(Authorities))
            certificate.Dispose();
    }

    private static bool IsSignedBy(X509Certificate2 certificate, X509Certificate2 authority) =>
        new CertificateVerifier(new FixedTime(new(certificate.NotBefore.ToUniversalTime())), authority).Verify(certificate).IsTrusted;

    private string? Problem(X509Certificate2 certificate)
    {
        if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(Current.PublicKey.ExportSubjectPublicKeyInfo()))
            return "the controller sent one for another key";
        return CertificateIdentity.TryRead(certificate, out var identity) && identity!.NodeNumber == _record.Number.Value ? null : "the controller sent another node's";
    }
}
