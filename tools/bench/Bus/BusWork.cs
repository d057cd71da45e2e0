namespace WeCan.Bench.Bus;

/// <summary>Something that a client does on a thread of its own, from now until it is disposed of.</summary>
internal abstract class BusWork : IDisposable
{
    private readonly Thread _thread;
    private volatile bool _isOver;

    protected BusWork()
    {
        _thread = new(Run) { IsBackground = true, Name = "work" };
    }

    protected bool IsOver => _isOver;

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        GC.SuppressFinalize(this);
    }

    protected void Start() => _thread.Start();

    protected abstract void Run();
}
