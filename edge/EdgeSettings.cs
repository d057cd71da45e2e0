using WeCan.Contracts.Control;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Hosting.Configuration;
using WeCan.Runtime.Daemons;

namespace WeCan.Edge;

/// <summary>How this edge is configured: as a node of the overlay, and what only an edge has.</summary>
internal sealed record EdgeSettings
{
    public required OverlaySettings Overlay { get; init; }

    public required TunnelSettings Tunnels { get; init; }

    public static EdgeSettings Read(ConfigReader read) => new()
    {
        Overlay = OverlaySettings.Read(read, NodeRole.Edge),
        Tunnels = TunnelSettings.Read(read),
    };
}
