using WeCan.Contracts;

namespace WeCan.Controller.History.Points;

/// <summary>Names a series: its kind, and one node or two. Keys of a kind lie side by side.</summary>
internal readonly record struct SeriesKey(SeriesKind Kind, ushort From, ushort To)
{
    /// <summary>All pairs together.</summary>
    public static readonly SeriesKey Network = new(SeriesKind.Quality, 0, 0);

    public static SeriesKey Link(NodeId from, NodeId to) => new(SeriesKind.Link, from.Value, to.Value);

    public static SeriesKey Traffic(NodeId node) => new(SeriesKind.Traffic, node.Value, 0);

    public static SeriesKey Quality(NodeId from, NodeId to) => new(SeriesKind.Quality, from.Value, to.Value);

    /// <summary>In files series lie in this order.</summary>
    public ulong Order => ((ulong)Kind << 32) | ((ulong)From << 16) | To;
}
