namespace WeCan.Lab.Wan;

/// <summary>
/// Byte buffers in three sizes, kept for reuse by the one <see cref="DelayLine"/> that owns the pool. It holds at most
/// what was in use at once, and so stops allocating once the busiest moment is past.
/// </summary>
internal sealed class BufferPool
{
    private const int Small = 256;
    private const int Medium = WanLimits.DefaultMtu;

    private readonly Stack<byte[]> _small = new();
    private readonly Stack<byte[]> _medium = new();
    private readonly Stack<byte[]> _large = new();

    public byte[] Rent(int length) => length switch
    {
        <= Small => _small.TryPop(out var buffer) ? buffer : new byte[Small],
        <= Medium => _medium.TryPop(out var buffer) ? buffer : new byte[Medium],
        _ => _large.TryPop(out var buffer) ? buffer : new byte[WanLimits.MaxDatagram],
    };

    public void Return(byte[] buffer)
    {
        var stack = buffer.Length switch { Small => _small, Medium => _medium, _ => _large };
        stack.Push(buffer);
    }
}
