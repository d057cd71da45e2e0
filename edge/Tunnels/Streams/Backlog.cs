using System.Buffers;

namespace WeCan.Edge.Tunnels.Streams;

/// <summary>
/// Bytes that wait for a local program, in order, in rented pieces that are filled up before another is rented. What it may hold is
/// for its owner to bound.
/// </summary>
internal struct Backlog
{
    private Queue<byte[]>? _pieces;
    private byte[]? _last;
    private int _start;
    private int _end;

    public int Length { get; private set; }

    public readonly bool IsEmpty => Length == 0;

    /// <summary>The bytes whose turn it is, as far as they lie together.</summary>
    public readonly ReadOnlySpan<byte> First
    {
        get
        {
            if (Length == 0)
                return default;
            var piece = _pieces!.Peek();
            return piece.AsSpan(_start, (piece == _last ? _end : TunnelLimits.BacklogPiece) - _start);
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _pieces ??= new Queue<byte[]>();
        Length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_last is null || _end == TunnelLimits.BacklogPiece)
            {
                _last = ArrayPool<byte>.Shared.Rent(TunnelLimits.BacklogPiece);
                _end = 0;
                _pieces.Enqueue(_last);
            }

            var part = bytes[..Math.Min(bytes.Length, TunnelLimits.BacklogPiece - _end)];
            part.CopyTo(_last.AsSpan(_end));
            _end += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>So many bytes of <see cref="First"/> are done with.</summary>
    public void Take(int count)
    {
        Length -= count;
        _start += count;
        if (Length > 0 && _start < TunnelLimits.BacklogPiece)
            return;
        ArrayPool<byte>.Shared.Return(_pieces!.Dequeue());
        _start = 0;
        if (Length > 0)
            return;
        _last = null;
        _end = 0;
    }

    public void Clear()
    {
        while (_pieces is not null && _pieces.TryDequeue(out var piece))
            ArrayPool<byte>.Shared.Return(piece);
        _last = null;
        (Length, _start, _end) = (0, 0, 0);
    }
}
