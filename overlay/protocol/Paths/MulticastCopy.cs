using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>What all copies of one multicast packet that a node sends have in common.</summary>
/// <param name="Hops">What the copies' heads say.</param>
/// <param name="Deadline">On this node's clock.</param>
internal readonly record struct MulticastCopy(NodeId Origin, byte Set, ServiceClass Class, byte Priority, byte Hops, MonoTime Deadline)
{
    public MulticastCopy(in MulticastHeader header, ServiceClass serviceClass, MonoTime deadline, NodeId from)
        : this(header.Origin, header.Set, serviceClass, header.Priority, header.Hops, deadline)
    {
        Marked = header.Marked;
        From = from;
    }

    /// <summary>The peer that the packet came from; none if it starts here.</summary>
    public NodeId From { get; init; }

    public bool Marked { get; init; }

    /// <summary>A dead link held it.</summary>
    public bool IsStranded { get; init; }
}
