namespace WeCan.Edge.Tunnels.Commands;

/// <summary>One tunnel that begins at an edge, and how it fares.</summary>
internal sealed record TunnelState
{
    /// <summary>As it was asked for.</summary>
    public required TunnelOrder Tunnel { get; init; }

    /// <summary>"configuration" or "command".</summary>
    public required string From { get; init; }

    public required bool IsListening { get; init; }

    /// <summary>Why it does not listen; empty while it does. It is tried again by itself.</summary>
    public required string Trouble { get; init; }

    /// <summary>TCP connections or UDP sessions that stand.</summary>
    public required int Open { get; init; }

    /// <summary>Bytes of programs into the tunnel since it listens.</summary>
    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    /// <summary>Connections and sessions that were refused since it listens.</summary>
    public long Refused { get; init; }

    /// <summary>Why the last one was; empty where none was.</summary>
    public string LastRefusal { get; init; } = "";
}
