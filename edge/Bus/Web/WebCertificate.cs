using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace WeCan.Edge.Bus.Web;

/// <summary>The operator's certificate for clients, as it is in its files: the certificate, its chain and its key.</summary>
internal sealed class WebCertificate
{
    private WebCertificate(X509Certificate2 own, X509Certificate2Collection chain)
    {
        Own = own;

        // Offline: what a certificate names is asked nowhere.
        var context = SslStreamCertificateContext.Create(own, chain, offline: true);
        Tls = new()
        {
            ServerCertificateContext = context,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            AllowRenegotiation = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        Context = context;
    }

    public X509Certificate2 Own { get; }

    public SslStreamCertificateContext Context { get; }

    public SslServerAuthenticationOptions Tls { get; }

    public DateTimeOffset Ends => new(Own.NotAfter.ToUniversalTime());

    /// <summary>Reads both files; false with a sentence that names the file.</summary>
    public static bool TryRead(string certificateFile, string keyFile, out WebCertificate? certificate, out string problem)
    {
        certificate = null;
        if (!TryReadText(certificateFile, "bus.web.certificate", out var pem, out problem) || !TryReadText(keyFile, "bus.web.key", out var key, out problem))
            return false;
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            // Told below.
        }

        if (all.Count == 0)
        {
            problem = $"{certificateFile} holds no certificate in PEM (bus.web.certificate).";
            return false;
        }

        try
        {
            certificate = new(X509Certificate2.CreateFromPem(pem, key), all);
            return true;
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException or NotSupportedException)
        {
            problem = $"{keyFile} holds no key in PEM, without a password, that belongs to the first certificate in {certificateFile} (bus.web.key).";
            return false;
        }
    }

    private static bool TryReadText(string file, string setting, out string text, out string problem)
    {
        (text, problem) = ("", "");
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[WebLimits.PemBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > WebLimits.PemBytes)
                problem = $"{file} is larger than any certificate or key ({setting}): is it the right file?";
            text = System.Text.Encoding.UTF8.GetString(bytes, 0, length);
            return problem.Length == 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = $"{file} cannot be read ({setting}): {failure.Message}";
            return false;
        }
    }
}
