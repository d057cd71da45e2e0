using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>What an operator may set of the transport. Checked when the layer is made.</summary>
public sealed record TransportOptions
{
    public static readonly TransportOptions Default = new();

    /// <summary>Flows that this node may have open towards others.</summary>
    public int MaxOutboundFlows { get; init; } = 131_072;

    /// <summary>Flows that all others together may have open towards this node.</summary>
    public int MaxInboundFlows { get; init; } = 131_072;

    /// <summary>Flows that one origin may have open towards this node.</summary>
    public int MaxInboundFlowsPerOrigin { get; init; } = 65_536;

    /// <summary>Bytes for what arrives: messages being joined, segments ahead of their turn, messages not yet taken.</summary>
    public long ReceiveMemory { get; init; } = 256L << 20;

    /// <summary>The part of <see cref="ReceiveMemory"/> that one origin may take.</summary>
    public long ReceiveMemoryPerOrigin { get; init; } = 64L << 20;

    /// <summary>Bytes for what is sent and not yet confirmed, and what waits to be sent.</summary>
    public long SendMemory { get; init; } = 128L << 20;

    /// <summary>Bytes for Realtime messages being joined.</summary>
    public long JoinMemory { get; init; } = 16L << 20;

    /// <summary>The part of <see cref="JoinMemory"/> that one origin may take; 0 for a quarter.</summary>
    public long JoinMemoryPerOrigin { get; init; }

    /// <summary>
    /// A flow with something to send breaks when nothing was heard from its destination for this long. A membership
    /// that says who is gone knows better than a timer, so this is generous; <see cref="Duration.MaxValue"/> is never.
    /// </summary>
    public Duration UnreachableTimeout { get; init; } = Duration.FromSeconds(300);

    /// <summary>One other end holds at most its <see cref="FairShare"/> of each memory, of so many parts; 0 where others are trusted.</summary>
    internal int FairParts { get; init; }

    /// <summary>The other ends are one hop away, over a link that shapes, repairs and marks for itself: there are no routes to tell of or to choose.</summary>
    internal bool IsOneHop { get; init; }

    internal void Validate()
    {
        Require(MaxOutboundFlows is > 0 and <= 1 << 21, nameof(MaxOutboundFlows), "between 1 and 2,097,152");
        Require(MaxInboundFlows is > 0 and <= 1 << 21, nameof(MaxInboundFlows), "between 1 and 2,097,152");
        Require(MaxInboundFlowsPerOrigin > 0, nameof(MaxInboundFlowsPerOrigin), "at least 1");
        Require(ReceiveMemoryPerOrigin >= 4 * WireLimits.MaxMessage, nameof(ReceiveMemoryPerOrigin), "at least four times the longest message (4 MiB)");
        Require(ReceiveMemory >= ReceiveMemoryPerOrigin, nameof(ReceiveMemory), "at least ReceiveMemoryPerOrigin");
        Require(SendMemory >= 4 * WireLimits.MaxMessage, nameof(SendMemory), "at least four times the longest message (4 MiB)");
        Require(JoinMemory >= 4 * WireLimits.MaxMessage, nameof(JoinMemory), "at least four times the longest message (4 MiB)");
        Require(JoinMemoryPerOrigin == 0 || (JoinMemoryPerOrigin >= WireLimits.MaxMessage && JoinMemoryPerOrigin <= JoinMemory), nameof(JoinMemoryPerOrigin), "0, or at least the longest message (1 MiB) and at most JoinMemory");
        Require(UnreachableTimeout >= Duration.FromSeconds(1), nameof(UnreachableTimeout), "at least 1 s");
    }

    private static void Require(bool holds, string name, string wanted)
    {
        if (!holds)
            throw new ArgumentException($"Transport option {name} must be {wanted}.", name);
    }
}
