namespace WeCan.Runtime.Control;

/// <summary>Tells one waiting task that there is something to do. Signals that come before it looks are one.</summary>
internal sealed class WakeSignal
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly Lock _setting = new();

    public void Set()
    {
        lock (_setting)
        {
            if (_signal.CurrentCount == 0)
                _signal.Release();
        }
    }

    /// <summary>Returns at a signal, or when the time has passed.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => _signal.WaitAsync(atMost > Least ? atMost : Least, cancellation);
}
