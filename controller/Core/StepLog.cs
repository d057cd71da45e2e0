using WeCan.Controller.Store;

namespace WeCan.Controller.Core;

/// <summary>
/// What the present step has changed and the store does not have yet. Every part of the core writes here whenever it changes
/// what it holds in memory, so that the two can not differ.
/// </summary>
internal sealed class StepLog
{
    private StoreTransaction _transaction = new();

    public StoreTransaction Transaction => _transaction;

    public bool IsEmpty => _transaction.IsEmpty;

    public StoreTransaction Take()
    {
        var taken = _transaction;
        _transaction = new();
        return taken;
    }
}
