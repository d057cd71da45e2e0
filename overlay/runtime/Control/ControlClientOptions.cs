using WeCan.Contracts;

namespace WeCan.Runtime.Control;

/// <summary>What a node says of itself to controllers, and where they are.</summary>
public sealed record ControlClientOptions
{
    public required BootEpoch Epoch { get; init; }

    public string Software { get; init; } = "";

    /// <summary>Where the node's overlay port can be reached from outside.</summary>
    public IReadOnlyList<NetAddress> Addresses { get; init; } = [];

    /// <summary>Controllers as configured, which come before those that were learnt; each as "host:port".</summary>
    public IReadOnlyList<string> Controllers { get; init; } = [];
}
