namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>Blocks that nobody holds, for all sessions of one thread: a session that is silent has none.</summary>
internal sealed class BlockPool
{
    private readonly Stack<FrameBlock> _spare = new();

    public FrameBlock Rent(ulong first)
    {
        if (!_spare.TryPop(out var block))
            block = new();
        block.First = first;
        return block;
    }

    public void Return(FrameBlock block)
    {
        // One that a long message has made large is let go.
        if (_spare.Count == SessionLimits.SpareBlocks || block.Frames.Length > 2 * SessionLimits.BlockBytes)
            return;
        block.Frames.Clear();
        (block.Count, block.Taken) = (0, 0);
        _spare.Push(block);
    }
}
