namespace WeCan.Protocol.Transport;

/// <summary>What a <see cref="TransportEvent"/> tells.</summary>
public enum TransportEventKind : byte
{
    /// <summary>A flow whose Send did not fit may try again. May come without need; the next Send tells.</summary>
    FlowWritable = 1,

    /// <summary>Every message of the flow up to <see cref="TransportEvent.Messages"/> is at the destination.</summary>
    Confirmed = 2,

    /// <summary>The flow that this node opened is over before its messages were; its handle names nothing any more.</summary>
    FlowBroken = 3,

    /// <summary>A closed flow is over: everything was confirmed. Its handle names nothing any more.</summary>
    FlowClosed = 4,

    /// <summary>A flow that another node opened to this one is over, and all of its messages were handed out.</summary>
    InboundEnded = 5,

    /// <summary>
    /// A destination of a multicast flow gets nothing more of it; the others do. Once this is taken, a message that names
    /// it again begins anew with it, if it runs in a later life; in the same life only another flow can reach it.
    /// </summary>
    DestinationLost = 6,
}
