using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>What the entry knows of one program that sends datagrams through one listener.</summary>
internal sealed class EntrySession(uint number, NetAddress program, DatagramEntryPort port, NodeId exit)
{
    public uint Number { get; } = number;

    public NetAddress Program { get; } = program;

    public DatagramEntryPort Port { get; } = port;

    public NodeId Exit { get; } = exit;

    /// <summary>The exit knows the session: datagrams need not name the target any more.</summary>
    public bool IsKnown { get; set; }

    /// <summary>The exit refuses it until then.</summary>
    public MonoTime RefusedUntil { get; set; }

    public MonoTime LastUsed { get; set; }
}
