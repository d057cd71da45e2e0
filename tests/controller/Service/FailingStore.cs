using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Service;

/// <summary>A store in memory that a test can take away and give back.</summary>
internal sealed class FailingStore : IControllerStore
{
    private readonly MemoryStore _store = new();

    public FailingStore() => _store.Commit(new() { Network = Samples.Network });

    /// <summary>Null while it works, else what it says.</summary>
    public StoreException? Failure { get; set; }

    public ControllerState Load() => Failure is { } failure ? throw failure : _store.Load();

    public void Probe() => Load();

    public void Commit(StoreTransaction transaction)
    {
        if (Failure is { } failure)
            throw failure;
        _store.Commit(transaction);
    }

    public void Dispose() => _store.Dispose();
}
