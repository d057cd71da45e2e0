namespace WeCan.Edge.Bus.Web;

/// <summary>Bytes that many may hold together. Any thread.</summary>
internal sealed class ByteBudget(long most)
{
    private long _taken;

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= most)
            return true;
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
