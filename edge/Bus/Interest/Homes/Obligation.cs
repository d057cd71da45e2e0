namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>A batch waits until a follower has applied a frame.</summary>
internal sealed class Obligation(Batch batch)
{
    public Batch Batch { get; } = batch;

    public ulong Frame { get; set; }
}
