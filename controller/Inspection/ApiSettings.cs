using System.Net;
using WeCan.Hosting.Configuration;

namespace WeCan.Controller.Inspection;

/// <summary>Where the inspection API is served over TLS, and by which certificate.</summary>
/// <param name="Listen">Null where it is not.</param>
/// <param name="Certificate">The operator's certificate, with those between it and its authority; null for the controller's own.</param>
/// <param name="Key">Its key.</param>
internal sealed record ApiSettings(IPEndPoint? Listen, string? Certificate, string? Key)
{
    public static readonly ApiSettings Off = new(null, null, null);

    public static ApiSettings Read(ConfigReader read)
    {
        var settings = new ApiSettings(
            read.Optional("listen", ValueKinds.EndPoint, "where the inspection API is served over TLS; unless given, on the socket in the data folder alone"),
            read.Optional("certificate", ValueKinds.Path, "its certificate in PEM, with those between it and its authority; unless given, the controller's own"),
            read.Optional("key", ValueKinds.Path, "the certificate's key in PEM"));
        read.Require(settings.Certificate is null == settings.Key is null, "certificate", "and \"key\" belong together: write both or neither");
        return settings;
    }
}
