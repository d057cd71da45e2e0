using System.Net;
using WeCan.Contracts.Control;
using WeCan.Controller.History;
using WeCan.Controller.Inspection;
using WeCan.Hosting.Configuration;

namespace WeCan.Controller.Service;

/// <summary>How this controller is configured. What its network is was decided by init, and stands in its data folder.</summary>
internal sealed record ControllerSettings
{
    public const int DefaultPort = 4700;

    public required string Data { get; init; }

    public required IPEndPoint Listen { get; init; }

    public required string Id { get; init; }

    public required IReadOnlyList<string> Controllers { get; init; }

    /// <summary>Nodes may connect by QUIC too, where this machine can.</summary>
    public bool Quic { get; init; } = true;

    /// <summary>What the history may take on the disk; 0 keeps none.</summary>
    public long HistoryBytes { get; init; } = HistoryLimits.Bytes;

    /// <summary>The inspection API over TLS.</summary>
    public ApiSettings Api { get; init; } = ApiSettings.Off;

    public static ControllerSettings Read(ConfigReader read)
    {
        var settings = new ControllerSettings
        {
            Data = read.Value("data", ValueKinds.Path, "/var/lib/wecan/controller", "the folder of the authority's key and the store"),
            Listen = read.Value("listen", ValueKinds.EndPoint, new(IPAddress.IPv6Any, DefaultPort), "where nodes enrol and connect"),
            Id = read.Value("id", ValueKinds.Text, "c1", "this controller's own name"),
            Quic = read.Value("quic", ValueKinds.Flag, true, "whether nodes can connect by QUIC too, on the same port of UDP, where this machine can"),
            HistoryBytes = read.Value("history", ValueKinds.Bytes, HistoryLimits.Bytes, "what the history of links and traffic may take on the disk at most, beside the store; 0B keeps none"),
            Api = read.Section("inspection", ApiSettings.Read),
            Controllers = [.. read.Values("controllers", ValueKinds.Host, "where nodes reach the controllers of this network").Select(host => host.Host.Contains(':') ? $"[{host.Host}]:{host.Port}" : $"{host.Host}:{host.Port}")],
        };
        read.Require(settings.Controllers.Count <= ControlLimits.MaxControllers, "controllers", $"has {settings.Controllers.Count} entries: write at most {ControlLimits.MaxControllers}");
        return settings;
    }
}
