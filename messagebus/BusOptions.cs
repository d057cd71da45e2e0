namespace WeCan.MessageBus;

/// <summary>How a <see cref="Bus"/> finds its edge and is let in.</summary>
public sealed record BusOptions
{
    /// <summary>The edge to connect to.</summary>
    public required EdgeAddress Edge { get; init; }

    /// <summary>A JSON Web Token that the network's keys have signed: who this client is, and what it may publish and subscribe.</summary>
    public required string Token { get; init; }

    /// <summary>Bytes of messages that are published and not confirmed, those that wait for a connection included; from then on publishers wait.</summary>
    public long MaxUnconfirmedBytes { get; init; } = 8L << 20;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Edge);
        ArgumentException.ThrowIfNullOrEmpty(Token);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxUnconfirmedBytes, 1 << 20);
    }
}
