using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>What the exit knows of one session: the socket to its target, once that is found, and what waits until then.</summary>
internal sealed class ExitSession(ExitSessionId id, RealtimeRoute back)
{
    public ExitSessionId Id { get; } = id;

    /// <summary>How answers go back.</summary>
    public RealtimeRoute Back { get; } = back;

    public IDatagramLocal? Local { get; set; }

    public NetAddress Target { get; set; }

    /// <summary>Datagrams that wait for the target's address.</summary>
    public Queue<byte[]>? Held { get; set; }

    public MonoTime LastUsed { get; set; }

    public MonoTime LastAnswer { get; set; }

    public bool IsOver { get; set; }
}
