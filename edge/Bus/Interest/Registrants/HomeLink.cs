using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest.Registrants;

/// <summary>A local space's dealings with one of its two homes.</summary>
internal sealed class HomeLink(NodeId home)
{
    public NodeId Home { get; } = home;

    /// <summary>The home has all patterns, and hears of changes; until then the walk over the table brings them.</summary>
    public bool IsTold { get; set; }

    public bool IsDirty { get; set; }

    /// <summary>The version that it has confirmed in this session.</summary>
    public ulong Confirmed { get; set; }
}
