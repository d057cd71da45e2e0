using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Core;

/// <summary>A node asks to be let in: what its request held, after the proofs in it were checked.</summary>
internal sealed record EnrolOrder
{
    public required ulong Token { get; init; }

    public required Fingerprint SecretHash { get; init; }

    /// <summary>Of the TLS key in its request, which it proved to have.</summary>
    public required Fingerprint TlsKey { get; init; }

    public required OverlayKey OverlayKey { get; init; }

    public required NodeRole Role { get; init; }

    public string Name { get; init; } = "";

    public string Region { get; init; } = "";

    public string Site { get; init; } = "";

    public string Operator { get; init; } = "";

    public IReadOnlyList<NetAddress> Addresses { get; init; } = [];
}
