namespace WeCan.Controller.Store;

/// <summary>
/// A store that lives as long as its process: for simulations, where it stands for a disk that outlives the controllers
/// which open it, and for a network that lasts no longer than a developer's session.
/// </summary>
internal sealed class MemoryStore : IControllerStore
{
    private readonly ControllerState _state;

    public MemoryStore() => _state = new();

    private MemoryStore(ControllerState state) => _state = state;

    /// <summary>A copy that later commits to either do not reach: a backup.</summary>
    public MemoryStore Copy() => new(Load());

    public ControllerState Load()
    {
        var copy = new ControllerState { Network = _state.Network, Base = _state.Base, AccessNumber = _state.AccessNumber };
        foreach (var (number, row) in _state.Members)
            copy.Members.Add(number, row);
        foreach (var (id, row) in _state.Tokens)
            copy.Tokens.Add(id, row);
        foreach (var (key, until) in _state.Rests)
            copy.Rests.Add(key, until);
        foreach (var (id, row) in _state.ApiTokens)
            copy.ApiTokens.Add(id, row);
        foreach (var (key, row) in _state.Access)
            copy.Access.Add(key, row);
        copy.Audit.AddRange(_state.Audit);
        copy.Policies.AddRange(_state.Policies);
        copy.Changes.AddRange(_state.Changes);
        return copy;
    }

    public void Probe()
    {
    }

    public void Commit(StoreTransaction transaction) => _state.Apply(transaction);

    public void Dispose()
    {
    }
}
