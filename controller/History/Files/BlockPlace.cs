namespace WeCan.Controller.History.Files;

/// <summary>Where a block lies: its head, its file, and where in it the head begins.</summary>
internal sealed record BlockPlace(BlockHead Head, string Path, long Offset)
{
    public long Slot => Head.Slot;

    public long End => Offset + BlockHead.Bytes + Head.Length;
}
