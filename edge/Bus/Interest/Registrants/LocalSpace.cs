using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest.Registrants;

/// <summary>A space in which this edge has subscribers.</summary>
internal sealed class LocalSpace(byte[] name)
{
    public byte[] Name { get; } = name;

    public HomeLink? First { get; set; }

    public HomeLink? Second { get; set; }

    public int Patterns { get; set; }

    /// <summary>Of the last change.</summary>
    public ulong Version { get; set; }

    /// <summary>Before this a silent home is waited for: publishers may not know the pair yet.</summary>
    public MonoTime AloneFrom { get; set; }

    /// <summary>This edge has become a home of it, and has yet to tell itself.</summary>
    public bool IsNewHere { get; set; }

    /// <summary>Subscriptions that wait to be confirmed, in the order of their versions but for a few.</summary>
    public LinkedList<(ulong Ticket, ulong Version)> Waiting { get; } = new();

    public bool IsLagging => First is { } first && (first.Confirmed < Version || (Second is { } second && second.Confirmed < Version));

    public HomeLink? LinkTo(NodeId home) => First?.Home == home ? First : Second?.Home == home ? Second : null;
}
