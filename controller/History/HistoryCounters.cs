namespace WeCan.Controller.History;

/// <summary>What became of what was recorded, since the start. Written by the thread that keeps; others may read at any time.</summary>
internal sealed class HistoryCounters
{
    private long _points;
    private long _dropped;
    private long _damaged;
    private long _bytes;

    /// <summary>Points written, of all levels.</summary>
    public long Points => Interlocked.Read(ref _points);

    /// <summary>Points of the finest level that the disk did not take, or not in time, and pairs that found no room in a slot of any level.</summary>
    public long Drops => Interlocked.Read(ref _dropped);

    /// <summary>Blocks and points that were left out, as their check does not fit.</summary>
    public long Damages => Interlocked.Read(ref _damaged);

    /// <summary>What the files take.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public void Kept(int points) => Interlocked.Add(ref _points, points);

    public void Dropped(int points) => Interlocked.Add(ref _dropped, points);

    public void Damaged(int count) => Interlocked.Add(ref _damaged, count);

    public void Holds(long bytes) => Interlocked.Exchange(ref _bytes, bytes);
}
