namespace WeCan.Edge.Bus.Interest.Homes;

/// <summary>What a registrant added up to one version of its patterns, and how many followers have not said that they reckon with it.</summary>
internal sealed class Batch(Share share)
{
    public Share Share { get; } = share;

    public int Outstanding { get; set; }

    /// <summary>0 until it is told.</summary>
    public ulong Version { get; set; }
}
