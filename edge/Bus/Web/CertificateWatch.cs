using Microsoft.Extensions.Logging;

namespace WeCan.Edge.Bus.Web;

/// <summary>
/// The certificate that clients are shown now: read anew when its files change, or when the operator says so. What cannot be read changes
/// nothing and is told once; one that ends soon is warned of each day.
/// </summary>
internal sealed class CertificateWatch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ITimer _looks;
    private WebSettings _settings;
    private (DateTime Certificate, DateTime Key) _read;
    private DateTimeOffset _warnAt;
    private volatile WebCertificate _now;

    public CertificateWatch(WebSettings settings, WebCertificate first, TimeProvider time, ILogger log)
    {
        (_settings, _now, _time, _log) = (settings, first, time, log);
        _read = TimesOf(settings);
        Tell();
        _looks = time.CreateTimer(_ => Look(), null, WebLimits.CertificateLook, WebLimits.CertificateLook);
    }

    public WebCertificate Now => _now;

    /// <summary>The files may be others now.</summary>
    public void Reload(WebSettings settings)
    {
        lock (_lock)
        {
            _settings = settings;
            Read();
        }
    }

    public void Dispose() => _looks.Dispose();

    private static (DateTime Certificate, DateTime Key) TimesOf(WebSettings settings) => (File.GetLastWriteTimeUtc(settings.Certificate), File.GetLastWriteTimeUtc(settings.Key));

    private void Look()
    {
        lock (_lock)
        {
            if (TimesOf(_settings) != _read)
                Read();
            if (_time.GetUtcNow() >= _warnAt)
                Warn();
        }
    }

    private void Read()
    {
        _read = TimesOf(_settings);
        if (!WebCertificate.TryRead(_settings.Certificate, _settings.Key, out var certificate, out var problem))
        {
            WebLog.CertificateNotRead(_log, problem);
            return;
        }

        if (certificate!.Own.Thumbprint == _now.Own.Thumbprint)
            return;
        _now = certificate;
        Tell();
    }

    private void Tell()
    {
        WebLog.Certificate(_log, _now.Own.Subject, _now.Ends, _settings.Certificate);
        Warn();
    }

    private void Warn()
    {
        var now = _time.GetUtcNow();
        var from = _now.Ends - WebLimits.CertificateWarning;
        if (now >= _now.Ends)
            WebLog.CertificateEnded(_log, _now.Ends, _settings.Certificate);
        else if (now >= from)
            WebLog.CertificateEnds(_log, _now.Ends, _settings.Certificate);
        _warnAt = now >= from ? now + WebLimits.CertificateReminder : from;
    }
}
