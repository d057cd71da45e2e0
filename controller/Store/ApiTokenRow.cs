using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Inspection;

namespace WeCan.Controller.Store;

/// <summary>A token of the inspection API as the controller keeps it: without its secret, of which it has a hash.</summary>
internal sealed record ApiTokenRow
{
    public required ulong Id { get; init; }

    public required Fingerprint SecretHash { get; init; }

    public required ApiRole Role { get; init; }

    /// <summary>Whom it was made for.</summary>
    public required string Name { get; init; }

    public required UnixTime Created { get; init; }

    public required UnixTime Expires { get; init; }

    public bool IsRevoked { get; init; }

    public bool Counts(UnixTime now) => !IsRevoked && Expires > now;
}
