namespace WeCan.Contracts.Control.Sessions;

/// <summary>What a node says of itself at the beginning of each session.</summary>
public sealed record NodeSessionOptions
{
    public required NodeRole Role { get; init; }

    public required BootEpoch Epoch { get; init; }

    public string Software { get; init; } = "";

    public IReadOnlyList<NetAddress> Addresses { get; init; } = [];

    public bool IsDraining { get; init; }
}
