using WeCan.Protocol.Transport;

namespace WeCan.Edge.Bus.Between;

/// <summary>The Signal multicast flow that Reliable messages of one priority go on, and whose messages on it are not confirmed.</summary>
internal sealed class ReliableLane(FlowHandle flow)
{
    public FlowHandle Flow { get; } = flow;

    /// <summary>The flow's own number of a message, by which its confirmation is told, whose it is, and the publisher's number.</summary>
    public Queue<(ulong Number, PublishLine Line, ulong Published)> Outstanding { get; } = new();

    /// <summary>The flow takes nothing more until it says so.</summary>
    public bool IsFull { get; set; }

    /// <summary>Another flow is used from now on; this one still brings what it took.</summary>
    public bool IsRetired { get; set; }

    /// <summary>What is over of a message that was sent, and must be the next; null for nothing.</summary>
    public byte[]? Rest { get; set; }

    public EdgeSet RestEdges { get; } = new();
}
