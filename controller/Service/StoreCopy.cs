using Microsoft.Data.Sqlite;
using WeCan.Controller.Store;

namespace WeCan.Controller.Service;

/// <summary>A copy of the store, made by the loop between two steps: it holds all that was answered, and nothing half done.</summary>
internal sealed class StoreCopy(Func<ControllerState> state, string path) : LoopWork
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Done => _done.Task;

    public override void Finish(StoreException? problem)
    {
        try
        {
            if (problem is not null)
                throw problem;
            using (var copy = SqliteStore.Open(path))
                copy.Commit(StoreTransaction.Of(state()));
            _done.TrySetResult();
        }
        catch (Exception failure) when (failure is StoreException or SqliteException or IOException)
        {
            _done.TrySetException(failure as StoreException ?? new StoreException($"The store cannot be copied to {path}: {failure.Message}", failure));
        }
    }
}
