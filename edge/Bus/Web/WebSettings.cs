using System.Net;
using WeCan.Hosting.Configuration;

namespace WeCan.Edge.Bus.Web;

/// <summary>Where clients come by WebSocket and HTTP, and by which certificate they know the edge.</summary>
internal sealed record WebSettings
{
    public required IPEndPoint Listen { get; init; }

    public required string Certificate { get; init; }

    public required string Key { get; init; }

    /// <summary>Null where none of it is written.</summary>
    public static WebSettings? Read(ConfigReader read)
    {
        var listen = read.Optional("listen", ValueKinds.EndPoint, "where clients come by WebSocket and HTTP, on TLS; with it certificate and key");
        var certificate = read.Optional("certificate", ValueKinds.Path, "the certificate that they are shown, in PEM, with its chain; read anew when it changes", live: true);
        var key = read.Optional("key", ValueKinds.Path, "that certificate's private key, in PEM", live: true);
        var isAny = listen is not null || certificate is not null || key is not null;
        read.Require(!isAny || listen is not null, "listen", "is not written, and certificate or key is: write where to listen, as in \"0.0.0.0:443\"");
        read.Require(!isAny || certificate is not null, "certificate", "is not written, and listen is: write the file of the certificate");
        read.Require(!isAny || key is not null, "key", "is not written, and listen is: write the file of the certificate's key");
        return listen is null || certificate is null || key is null ? null : new() { Listen = listen, Certificate = certificate, Key = key };
    }
}
