using WeCan.Protocol.Links;

namespace WeCan.Protocol.Coding;

/// <summary>
/// One equation over missing symbols: the sum of coefficient × symbol is what the buffer holds, of which everything
/// beyond its length is zero. The buffer is the row's own.
/// </summary>
internal struct RepairRow
{
    /// <summary>The combination's bytes behind its head; always a full buffer, as rows grow to the longest that they are mixed with.</summary>
    public PacketBuffer? Buffer;

    /// <summary>The columns whose coefficient is not 0.</summary>
    public ulong Columns;

    /// <summary>The combination of the symbols' heads, kept apart so that a pool's buffer holds the rest.</summary>
    public ushort Head;

    /// <summary>Prepares for something longer to be added.</summary>
    public readonly void GrowTo(int length)
    {
        var buffer = Buffer!;
        if (length <= buffer.Length)
            return;
        buffer.Bytes.AsSpan(buffer.Length, length - buffer.Length).Clear();
        buffer.Length = length;
    }
}
