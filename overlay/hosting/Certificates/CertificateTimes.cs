using System.Security.Cryptography.X509Certificates;

namespace WeCan.Hosting.Certificates;

/// <summary>When certificates begin, end, and are to be renewed.</summary>
public static class CertificateTimes
{
    /// <summary>A certificate is valid from before its making, so that a node whose clock is behind can use it: an eighth of its life, at most a day.</summary>
    internal static readonly TimeSpan MostBackdated = TimeSpan.FromDays(1);

    /// <summary>After two thirds of its life a certificate is renewed: the last third is for controllers that are away.</summary>
    public static DateTimeOffset RenewalOf(X509Certificate2 certificate)
    {
        var (from, until) = LifeOf(certificate);
        return from + ((until - from) * 2 / 3);
    }

    public static bool IsDueForRenewal(X509Certificate2 certificate, DateTimeOffset now) => now >= RenewalOf(certificate);

    internal static (DateTimeOffset From, DateTimeOffset Until) LifeOf(X509Certificate2 certificate) =>
        (new(certificate.NotBefore.ToUniversalTime()), new(certificate.NotAfter.ToUniversalTime()));

    internal static DateTimeOffset Backdated(DateTimeOffset now, TimeSpan life)
    {
        var eighth = life / 8;
        return now - (eighth < MostBackdated ? eighth : MostBackdated);
    }
}
