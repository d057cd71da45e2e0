using System.Numerics;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Arrays whose length is a power of two, kept for the next flow that wakes: rings that a flow needs only while
/// something is under way. An array comes back empty, so that nothing in it is kept alive.
/// </summary>
internal sealed class BlockPool<T>
{
    private const int KeptPerSize = 512;

    private readonly Stack<T[]>[] _bySize = new Stack<T[]>[21];

    public T[] Rent(int length)
    {
        var size = BitOperations.Log2((uint)length);
        return _bySize[size] is { Count: > 0 } kept ? kept.Pop() : new T[1 << size];
    }

    public void Return(T[] block)
    {
        Array.Clear(block);
        ref var kept = ref _bySize[BitOperations.Log2((uint)block.Length)];
        kept ??= new Stack<T[]>();
        if (kept.Count < KeptPerSize)
            kept.Push(block);
    }
}
