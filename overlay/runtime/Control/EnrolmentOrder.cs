using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Runtime.Control;

/// <summary>What a node brings to be let in.</summary>
internal sealed record EnrolmentOrder
{
    /// <summary>The line that an operator got from the controller.</summary>
    public required string Token { get; init; }

    public required NodeRole Role { get; init; }

    /// <summary>Where controllers are, each as "host:port".</summary>
    public required IReadOnlyList<string> Controllers { get; init; }

    public IReadOnlyList<NetAddress> Addresses { get; init; } = [];

    /// <summary>How long it is tried while no controller answers.</summary>
    public required TimeSpan Patience { get; init; }
}
