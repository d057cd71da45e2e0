using WeCan.Edge.Bus.Web;
using WeCan.Hosting.Configuration;

namespace WeCan.Edge.Bus;

/// <summary>Which clients this edge gives the bus to.</summary>
internal sealed record BusSettings
{
    /// <summary>The public keys that tokens of clients are signed with, as a JSON Web Key Set, beside those that the controller says; null for none.</summary>
    public required string? Keys { get; init; }

    public required ClientLimits Limits { get; init; }

    /// <summary>The accesses beside the native one; null for none.</summary>
    public required WebSettings? Web { get; init; }

    public static BusSettings Read(ConfigReader read) => read.Section("bus", section => new BusSettings
    {
        Keys = section.Optional("keys", ValueKinds.Path, "the public keys that clients' tokens are signed with, a JSON Web Key Set, beside those that the controller says; SIGHUP has it read anew", live: true),
        Limits = section.Section("limits", ClientLimits.Read, live: true),
        Web = section.Section("web", WebSettings.Read),
    });
}
