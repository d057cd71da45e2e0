using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Clients;

/// <summary>
/// Where an edge has one of its clients, from ClientUp to ClientDown: 1 to 65,535, and 0 for nowhere. It is given to another client
/// after a rest. To the transport between the two it is what a node's number is to the overlay's; it is never one of those.
/// </summary>
public readonly record struct ClientPlace(ushort Value)
{
    public static readonly ClientPlace None;

    public bool IsNone => Value == 0;

    internal NodeId AsNode => new(Value);

    /// <summary>Whose a flow is that a client opened.</summary>
    public static ClientPlace Of(FlowId flow) => new(flow.Origin.Value);

    public override string ToString() => $"p{Value}";
}
