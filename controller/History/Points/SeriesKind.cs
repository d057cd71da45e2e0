namespace WeCan.Controller.History.Points;

/// <summary>What a series is about. The values are the files'.</summary>
internal enum SeriesKind : byte
{
    /// <summary>One direction of a link, by the word of the node that it leads away from.</summary>
    Link = 1,

    /// <summary>What passes through a node.</summary>
    Traffic = 2,

    /// <summary>How the Realtime packets of one edge come to another; of node 0 to node 0, those of all to all.</summary>
    Quality = 3,
}
