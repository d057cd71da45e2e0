namespace WeCan.Edge.Bus.Sessions;

/// <summary>What an edge knows of a client over all of its sessions, for as long as it has one.</summary>
internal sealed class BusClientRecord
{
    private MessageIds? _ids;

    public int Sessions { get; set; }

    public OrderBudget Orders { get; } = new();

    public MessageIds Ids => _ids ??= new();
}
