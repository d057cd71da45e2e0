namespace WeCan.Protocol.Transport;

/// <summary>
/// This node's name for a flow that it opened: a place in the layer's table and which use of that place it is, so that
/// a handle kept after its flow's end names nothing. The default value is no flow.
/// </summary>
public readonly record struct FlowHandle(int Index, uint Generation)
{
    public static readonly FlowHandle None;

    public bool IsNone => Generation == 0;
}
