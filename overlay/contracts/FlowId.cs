namespace WeCan.Contracts;

/// <summary>A flow as its destination knows it: the origin node, the origin's life, and the number it gave the flow.</summary>
public readonly record struct FlowId(NodeId Origin, BootEpoch Epoch, uint Number)
{
    public override string ToString() => $"{Origin}/{Epoch}/f{Number}";
}
