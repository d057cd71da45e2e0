namespace WeCan.Protocol.Transport;

/// <summary>What became of a request to open a flow.</summary>
public enum OpenResult : byte
{
    Opened = 0,

    /// <summary>This node has as many flows open as its options allow.</summary>
    TooManyFlows = 1,
}
