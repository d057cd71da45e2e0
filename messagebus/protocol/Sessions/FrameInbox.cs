using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>
/// Makes frames of the pieces that a connection brings, and counts those that are counted. It keeps bytes only of a frame that has not
/// come whole, and never more than the longest one.
/// </summary>
internal sealed class FrameInbox
{
    private byte[] _rest = [];
    private int _length;

    /// <summary>Counted frames that came in this session.</summary>
    public ulong Count { get; private set; }

    /// <summary>False when what came is no frame: the connection is over.</summary>
    public bool TryRead<THandler>(ReadOnlySpan<byte> piece, ref THandler handler)
        where THandler : IFrameHandler, allows ref struct
    {
        while (_length > 0 && !piece.IsEmpty)
        {
            if (!TryComplete(ref piece, ref handler))
                return false;
        }

        while (!piece.IsEmpty)
        {
            var result = Frame.TryRead(piece, out var frame, out var size);
            if (result == FrameResult.Malformed || (result == FrameResult.Read && !Hand(frame, ref handler)))
                return false;
            if (result == FrameResult.Incomplete)
            {
                Keep(piece);
                return true;
            }

            piece = piece[size..];
        }

        return true;
    }

    /// <summary>Another connection: half a frame of the one before is nothing.</summary>
    public void Restart() => Keep([]);

    /// <summary>It goes on where another connection of the session ended, or at 0 where the session is a new one.</summary>
    public void Begin(ulong count) => Count = count;

    /// <summary>Adds to the frame that was begun what it lacks, and not more.</summary>
    private bool TryComplete<THandler>(ref ReadOnlySpan<byte> piece, ref THandler handler)
        where THandler : IFrameHandler, allows ref struct
    {
        var wanted = 1;
        if (FrameHead.TryRead(_rest.AsSpan(0, _length), out var length, out var width) == FrameResult.Read)
            wanted = width + length - _length;
        var taken = Math.Min(wanted, piece.Length);
        if (_rest.Length < _length + taken)
            Array.Resize(ref _rest, Math.Max(_length + taken, Math.Min(_length + wanted, _rest.Length * 2)));
        piece[..taken].CopyTo(_rest.AsSpan(_length));
        _length += taken;
        piece = piece[taken..];
        var result = Frame.TryRead(_rest.AsSpan(0, _length), out var frame, out _);
        if (result == FrameResult.Incomplete)
            return true;
        if (result == FrameResult.Malformed || !Hand(frame, ref handler))
            return false;
        Keep([]);
        return true;
    }

    private bool Hand<THandler>(in Frame frame, ref THandler handler)
        where THandler : IFrameHandler, allows ref struct
    {
        if (FrameKinds.IsCounted(frame.Kind))
            Count++;
        return handler.TryHandle(frame);
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        _length = piece.Length;
        if (piece.IsEmpty)
            _rest = _rest.Length > SessionLimits.KeptRest ? [] : _rest;
        else if (_rest.Length < piece.Length)
            _rest = piece.ToArray();
        else
            piece.CopyTo(_rest);
    }
}
