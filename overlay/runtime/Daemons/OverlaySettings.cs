using System.Net;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Hosting.Configuration;
using WeCan.Hosting.Local;
using WeCan.Runtime.Impairment;

namespace WeCan.Runtime.Daemons;

/// <summary>How a node of the overlay is configured, be it a relay or an edge.</summary>
public sealed record OverlaySettings
{
    private const long LeastUplink = 1_000_000;

    public required NodeRole Role { get; init; }

    public required string Data { get; init; }

    public required IPEndPoint Listen { get; init; }

    /// <summary>Where other nodes reach it; empty where the machine's own addresses are meant.</summary>
    public required IReadOnlyList<IPEndPoint> Advertise { get; init; }

    /// <summary>Where controllers are, each as "host:port"; those that were learnt come after them.</summary>
    public required IReadOnlyList<string> Controllers { get; init; }

    public required Secret? Token { get; init; }

    public required Bandwidth Uplink { get; init; }

    /// <summary>Where the daemon answers its own commands.</summary>
    public LocalOptions Local { get; init; } = LocalOptions.Usual;

    /// <summary>Null for every node that serves.</summary>
    public required ImpairmentPlan? Impairment { get; init; }

    /// <summary>As the daemon is called.</summary>
    public string Program => Role == NodeRole.Edge ? "wecan-edge" : "wecan-relay";

    public string LocalSocket => Local.PathIn(Data);

    /// <summary>How to ask the daemon that runs with these settings.</summary>
    public LocalClient LocalClient => new(LocalSocket, Program);

    /// <param name="read">Where the keys are read.</param>
    /// <param name="role">What the node is.</param>
    /// <param name="data">The folder unless another is configured; null for the usual one.</param>
    /// <param name="listen">Likewise the address.</param>
    public static OverlaySettings Read(ConfigReader read, NodeRole role, string? data = null, IPEndPoint? listen = null)
    {
        ArgumentNullException.ThrowIfNull(read);
        var (name, port) = role == NodeRole.Edge ? ("edge", 4_610) : ("relay", 4_600);
        var settings = new OverlaySettings
        {
            Role = role,
            Data = read.Value("data", ValueKinds.Path, data ?? $"/var/lib/wecan/{name}", "the folder of this node's keys, certificate and membership"),
            Listen = read.Value("listen", ValueKinds.EndPoint, listen ?? new(IPAddress.IPv6Any, port), "the UDP address of the overlay"),
            Advertise = read.Values("advertise", ValueKinds.EndPoint, "where other nodes reach it, the preferred address first; unless given, this machine's own addresses"),
            Controllers = [.. read.Values("controllers", ValueKinds.Host, "where the network's controllers are; those that a controller names come after them").Select(host => host.Host.Contains(':') ? $"[{host.Host}]:{host.Port}" : $"{host.Host}:{host.Port}")],
            Token = read.Secret("token", "the token that lets this node in, once"),
            Uplink = new(read.Value("uplink", ValueKinds.BitsPerSecond, 0, "what all links together may send, a little less than the line carries; 0 for no limit", live: true)),
            Local = read.Section("local", LocalOptions.Read),
            Impairment = read.Section("impair", ImpairmentConfig.Read, live: true),
        };
        read.Require(settings.Uplink.BitsPerSecond is 0 or >= LeastUplink, "uplink", "is too little: write at least 1Mbit/s, or 0bit/s for no limit");
        read.Require(settings.Advertise.Count <= ControlLimits.MaxAddresses, "advertise", $"has {settings.Advertise.Count} entries: write at most {ControlLimits.MaxAddresses}");
        read.Require(settings.Advertise.All(address => address.Port != 0 && !address.Address.Equals(IPAddress.Any) && !address.Address.Equals(IPAddress.IPv6Any)), "advertise", "has an entry that nobody can send to: write addresses of this node, each with its port");
        read.Require(settings.Controllers.Count <= ControlLimits.MaxControllers, "controllers", $"has {settings.Controllers.Count} entries: write at most {ControlLimits.MaxControllers}");
        return settings;
    }
}
