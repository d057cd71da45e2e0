using Microsoft.Extensions.Logging;

namespace WeCan.Edge.Bus.Web;

/// <summary>What the other accesses of the bus tell the operator.</summary>
internal static partial class WebLog
{
    [LoggerMessage(1641, LogLevel.Information, "Clients connect to wss://{Address}/bus")]
    public static partial void Address(ILogger log, string address);

    [LoggerMessage(1642, LogLevel.Information, "Clients are shown the certificate of {Subject}, which ends at {End:u}, from {File}.")]
    public static partial void Certificate(ILogger log, string subject, DateTimeOffset end, string file);

    [LoggerMessage(1643, LogLevel.Error, "The certificate that clients are shown stays as it is: {Problem}")]
    public static partial void CertificateNotRead(ILogger log, string problem);

    [LoggerMessage(1644, LogLevel.Warning, "The certificate that clients are shown ends at {End:u}: put another one into {File}.")]
    public static partial void CertificateEnds(ILogger log, DateTimeOffset end, string file);

    [LoggerMessage(1645, LogLevel.Error, "The certificate that clients are shown ended at {End:u}, and no client believes it any more: put another one into {File}.")]
    public static partial void CertificateEnded(ILogger log, DateTimeOffset end, string file);
}
