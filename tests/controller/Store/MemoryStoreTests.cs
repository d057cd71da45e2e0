using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Store;

public sealed class MemoryStoreTests : StoreSuite
{
    private readonly MemoryStore _store = new();

    internal override IControllerStore Open() => _store;

    public override void Dispose() => _store.Dispose();

    [Fact]
    public void A_copy_stays_what_it_was()
    {
        _store.Commit(new() { Network = Samples.Network });
        using var copy = _store.Copy();
        var change = new StoreTransaction();
        change.Rests[new(RestKind.Number, 1)] = Samples.Start;
        _store.Commit(change);

        Assert.Empty(copy.Load().Rests);
        Assert.Single(_store.Load().Rests);
    }
}
