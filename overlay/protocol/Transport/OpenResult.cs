namespace WeCan.Protocol.Transport;

/// <summary>What became of a request to open a flow.</summary>
public enum OpenResult : byte
{
    Opened = 0,

    /// <summary>This node has as many flows open as its options allow.</summary>
    TooManyFlows = 1,

    /// <summary>A flow to many names an edge whose node is not known.</summary>
    UnknownEdge = 2,

    /// <summary>The destinations of a flow to many lie in more sets of edges than one flow may have.</summary>
    TooManyDestinations = 3,

    /// <summary>A flow to many names an edge to which nothing may go in the clear, as every multicast does.</summary>
    NeedsSealing = 4,

    /// <summary>No link stands between this client and its edge, or this edge and its client; the next one begins without flows.</summary>
    NoLink = 5,
}
