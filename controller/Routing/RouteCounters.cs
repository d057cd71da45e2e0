namespace WeCan.Controller.Routing;

/// <summary>What the routing of a controller counted since it started. Written by its loop; others may read at any time.</summary>
internal sealed class RouteCounters
{
    private long _reports;
    private long _links;
    private long _refused;
    private long _computations;
    private long _changed;

    public long Reports => Interlocked.Read(ref _reports);

    public long LinksReported => Interlocked.Read(ref _links);

    /// <summary>Links of reports that cannot be true.</summary>
    public long LinksRefused => Interlocked.Read(ref _refused);

    public long Computations => Interlocked.Read(ref _computations);

    /// <summary>Pairs of nodes that got other ways.</summary>
    public long Changed => Interlocked.Read(ref _changed);

    public void Reported(int links, int refused)
    {
        Interlocked.Add(ref _refused, refused);
        Interlocked.Increment(ref _reports);
        Interlocked.Add(ref _links, links);
    }

    public void Computed(int changed)
    {
        Interlocked.Increment(ref _computations);
        Interlocked.Add(ref _changed, changed);
    }
}
