using System.Net;
using WeCan.Contracts.Control;
using WeCan.Edge.Bus;
using WeCan.Edge.Dev;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Hosting.Configuration;
using WeCan.Hosting.Local;
using WeCan.Runtime.Daemons;

namespace WeCan.Edge;

/// <summary>How this edge is configured: as a node of the overlay, and what only an edge has.</summary>
internal sealed record EdgeSettings
{
    public required OverlaySettings Overlay { get; init; }

    /// <summary>A developer's desk: the controller runs in this process too.</summary>
    public required bool IsDesk { get; init; }

    /// <summary>On a desk, where that controller listens.</summary>
    public required IPEndPoint DeskListen { get; init; }

    public required TunnelSettings Tunnels { get; init; }

    public required BusSettings Bus { get; init; }

    /// <summary>The node as it runs: on a desk its folder lies beside its controller's.</summary>
    public OverlaySettings Node => IsDesk ? Overlay with { Data = Path.Combine(Overlay.Data, "edge") } : Overlay;

    /// <summary>How to ask the edge that runs with these settings.</summary>
    public LocalClient LocalClient => Node.LocalClient;

    public static EdgeSettings Read(ConfigReader read)
    {
        var isDesk = read.Value("dev", ValueKinds.Flag, false, "for a developer's desk: run a network's controller in this process too, and let this edge in");
        return new()
        {
            IsDesk = isDesk,
            DeskListen = read.Value("dev_listen", ValueKinds.EndPoint, new(IPAddress.Loopback, 4_700), "with dev: where that controller listens"),
            Overlay = isDesk ? OverlaySettings.Read(read, NodeRole.Edge, DeskFolder.Default, new(IPAddress.Loopback, 4_610)) : OverlaySettings.Read(read, NodeRole.Edge),
            Tunnels = TunnelSettings.Read(read),
            Bus = BusSettings.Read(read),
        };
    }
}
