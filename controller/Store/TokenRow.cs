using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Store;

/// <summary>A token as the controller keeps it: without its secret, of which it has a hash. What it says of the node wins over what the node says.</summary>
internal sealed record TokenRow
{
    public required ulong Id { get; init; }

    public required Fingerprint SecretHash { get; init; }

    public required NodeRole Role { get; init; }

    public string Name { get; init; } = "";

    public string Region { get; init; } = "";

    public string Site { get; init; } = "";

    public string Operator { get; init; } = "";

    /// <summary>How many nodes it still lets in.</summary>
    public required int UsesLeft { get; init; }

    public required UnixTime Created { get; init; }

    public required UnixTime Expires { get; init; }

    public bool IsRevoked { get; init; }

    public bool LetsIn(UnixTime now) => !IsRevoked && UsesLeft > 0 && Expires > now;
}
