namespace WeCan.Edge.Bus.Sessions;

/// <summary>What an edge knows of a client over all of its sessions, for as long as it has one.</summary>
internal sealed class BusClientRecord
{
    private FadingSet? _ids;

    public int Sessions { get; set; }

    public int Subscriptions { get; set; }

    public OrderBudget Orders { get; } = new();

    /// <summary>The ids of messages that it has published, each with its subject, as hashes under a seed that nobody knows.</summary>
    public FadingSet Ids => _ids ??= new(BusLimits.MaxIds, BusLimits.IdGeneration);
}
