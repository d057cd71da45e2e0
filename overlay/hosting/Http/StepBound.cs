namespace WeCan.Hosting.Http;

/// <summary>The time that one step of a connection may take; the server's end cuts it short.</summary>
internal sealed class StepBound : IDisposable
{
    private readonly CancellationTokenSource _bound;
    private readonly CancellationTokenRegistration _withServer;
    private readonly CancellationToken _stop;

    public StepBound(TimeSpan atMost, TimeProvider time, CancellationToken stop)
    {
        (_bound, _stop) = (new(atMost, time), stop);
        _withServer = stop.UnsafeRegister(static bound => ((CancellationTokenSource)bound!).Cancel(), _bound);
    }

    public CancellationToken Token => _bound.Token;

    /// <summary>The time is over, and the server goes on.</summary>
    public bool IsLate => _bound.IsCancellationRequested && !_stop.IsCancellationRequested;

    public void Dispose()
    {
        _withServer.Dispose();
        _bound.Dispose();
    }
}
