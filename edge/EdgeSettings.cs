using WeCan.Contracts.Control;
using WeCan.Hosting.Configuration;
using WeCan.Runtime.Daemons;

namespace WeCan.Edge;

/// <summary>How this edge is configured: as a node of the overlay, and what only an edge has.</summary>
internal sealed record EdgeSettings
{
    public required OverlaySettings Overlay { get; init; }

    public static EdgeSettings Read(ConfigReader read) => new()
    {
        Overlay = OverlaySettings.Read(read, NodeRole.Edge),
    };
}
