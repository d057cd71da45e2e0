namespace WeCan.Controller.Store;

/// <summary>
/// Where a controller keeps its state. A transaction that <see cref="Commit"/> has returned from is there after any crash,
/// whole; one that it threw from may be there whole or not at all, and the state has to be loaded anew. One caller at a time.
/// </summary>
internal interface IControllerStore : IDisposable
{
    /// <exception cref="StoreException">The store cannot be read, or holds what this program does not understand.</exception>
    ControllerState Load();

    /// <summary>Writes something that changes nothing: what returns could be written.</summary>
    /// <exception cref="StoreException">The store cannot be written.</exception>
    void Probe();

    /// <exception cref="StoreException">The store cannot be written.</exception>
    void Commit(StoreTransaction transaction);
}
