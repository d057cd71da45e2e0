using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// Joins the two pieces of a path packet that was cut for one hop. Holds at most <see cref="LinkLimits.MaxHalves"/>
/// halves, by the number of their first symbol; when one more comes, the oldest goes.
/// </summary>
internal sealed class PieceJoiner(PacketPool pool, DropCounters drops)
{
    private readonly byte[] _joined = new byte[WireLimits.MaxPathPacket];
    private readonly Dictionary<ulong, PacketBuffer> _halves = [];
    private readonly Queue<ulong> _order = new();

    /// <summary>True when both pieces are there; the packet is valid until the next call.</summary>
    public bool TryJoin(ServiceClass serviceClass, ulong symbol, sbyte piece, ReadOnlySpan<byte> content, out ReadOnlySpan<byte> packet)
    {
        packet = default;
        if (piece == 1 && symbol == 0)
        {
            drops.Add(DropReason.OrphanPiece);
            return false;
        }

        var key = KeyOf(serviceClass, symbol - (ulong)piece);
        if (!_halves.Remove(key, out var other))
        {
            Keep(key, piece, content);
            return false;
        }

        var length = other.Length + content.Length;
        if (length > WireLimits.MaxPathPacket || other.Piece == piece)
        {
            drops.Add(DropReason.MalformedPath);
            pool.Return(other);
            return false;
        }

        var first = piece == 0 ? content : other.Packet;
        var second = piece == 0 ? other.Packet : content;
        first.CopyTo(_joined);
        second.CopyTo(_joined.AsSpan(first.Length));
        packet = _joined.AsSpan(0, length);
        pool.Return(other);
        return true;
    }

    public void Clear()
    {
        foreach (var half in _halves.Values)
        {
            drops.Add(DropReason.OrphanPiece);
            pool.Return(half);
        }

        _halves.Clear();
        _order.Clear();
    }

    private static ulong KeyOf(ServiceClass serviceClass, ulong firstSymbol) => (firstSymbol << 2) | (ulong)serviceClass;

    private void Keep(ulong key, sbyte piece, ReadOnlySpan<byte> content)
    {
        while (_order.Count >= LinkLimits.MaxHalves)
        {
            if (!_halves.Remove(_order.Dequeue(), out var oldest))
                continue;
            pool.Return(oldest);
            drops.Add(DropReason.OrphanPiece);
        }

        var half = pool.TryRent(content.Length);
        if (half is null)
        {
            drops.Add(DropReason.OutOfBuffers);
            return;
        }

        content.CopyTo(half.Packet);
        half.Piece = piece;
        _halves.Add(key, half);
        _order.Enqueue(key);
    }
}
