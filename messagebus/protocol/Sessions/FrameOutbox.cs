using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>
/// What one end of a session has to say: counted frames, each kept until the other end has told that it has it, and others, which are
/// said on this connection or never. Whoever fills it looks at <see cref="Held"/> and stops in time.
/// </summary>
internal sealed class FrameOutbox(BlockPool pool)
{
    private readonly Queue<FrameBlock> _blocks = new();
    private readonly Queue<FrameBlock> _untaken = new();
    private readonly FrameBatch _once = new();
    private FrameBlock? _last;
    private FrameBlock? _cut;
    private int _onceTaken;

    /// <summary>Counted frames said so far, from the first of the session on.</summary>
    public ulong Count { get; private set; }

    /// <summary>Of those, the ones that the other end has.</summary>
    public ulong Received { get; private set; }

    /// <summary>Bytes that are kept.</summary>
    public long Held { get; private set; }

    /// <summary>The last piece ended within a frame: nothing else may be said before the next one.</summary>
    public bool IsCut => _cut is not null;

    /// <summary>Where the next counted frame is written; <see cref="EndCounted"/> follows.</summary>
    public FrameBatch BeginCounted()
    {
        if (_last is not { } block || block.Frames.Length >= SessionLimits.BlockBytes)
        {
            _last = pool.Rent(Count);
            _blocks.Enqueue(_last);
            _untaken.Enqueue(_last);
        }

        Held -= _last.Frames.Length;
        return _last.Frames;
    }

    public void EndCounted()
    {
        Held += _last!.Frames.Length;
        _last.Count++;
        Count++;
    }

    /// <summary>Where frames are written that are not said again.</summary>
    public FrameBatch Once => _once;

    /// <summary>The other end has the first so many; false when there never were so many.</summary>
    public bool TryForget(ulong received)
    {
        if (received > Count)
            return false;
        Received = Math.Max(Received, received);
        while (_blocks.TryPeek(out var block) && block.End <= Received)
        {
            _blocks.Dequeue();
            if (_untaken.TryPeek(out var next) && next == block)
                _untaken.Dequeue();
            if (_last == block)
                _last = null;
            if (_cut == block)
                _cut = null;
            Held -= block.Frames.Length;
            pool.Return(block);
        }

        return true;
    }

    /// <summary>
    /// The session goes on over another connection, whose end has the first so many: all behind them is said again, and nothing is
    /// forgotten yet. False when there never were so many, or fewer than it had before.
    /// </summary>
    public bool TryRewind(ulong received)
    {
        if (received < Received || received > Count)
            return false;
        _cut = null;
        _untaken.Clear();
        foreach (var block in _blocks)
        {
            block.Rewind(received);
            _untaken.Enqueue(block);
        }

        return true;
    }

    /// <summary>Another connection: what was to be said once, or half said, is gone with the one before.</summary>
    public void Restart() => ClearOnce();

    /// <summary>The session is a new one: nothing was said yet.</summary>
    public void Clear()
    {
        ClearOnce();
        while (_blocks.TryDequeue(out var block))
            pool.Return(block);
        _untaken.Clear();
        _last = null;
        (Count, Received, Held) = (0, 0, 0);
    }

    /// <summary>The next bytes for the connection, at most so many; lent until the next call of anything here.</summary>
    /// <param name="most">The longest piece. A frame may lie over several, and nothing comes between them.</param>
    /// <param name="onlyOnce">Counted frames wait: the ends have not greeted each other.</param>
    /// <param name="piece">The bytes.</param>
    public bool TryTake(int most, bool onlyOnce, out ReadOnlySpan<byte> piece)
    {
        if (_cut is null && _once.Length > _onceTaken)
        {
            piece = _once.Bytes[_onceTaken..];
            piece = piece[..Math.Min(piece.Length, most)];
            _onceTaken += piece.Length;
            return true;
        }

        piece = default;
        if (_cut is null && _once.Length > 0)
            ClearOnce();
        while (!onlyOnce && _untaken.TryPeek(out var block))
        {
            piece = block.Frames.Bytes[block.Taken..];
            if (!piece.IsEmpty)
            {
                _cut = piece.Length > most ? block : null;
                piece = piece[..Math.Min(piece.Length, most)];
                block.Taken += piece.Length;
                return true;
            }

            if (block == _last)
                return false;
            _untaken.Dequeue();
        }

        return false;
    }

    private void ClearOnce()
    {
        _cut = null;
        _once.Clear();
        _onceTaken = 0;
    }
}
