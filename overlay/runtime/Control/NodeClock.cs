using WeCan.Contracts;

namespace WeCan.Runtime.Control;

/// <summary>
/// The time as the network's controllers have it. Until one was heard in this life of the node, the machine's wall clock with
/// the difference that was last known; from then on the controller's word, counted on by a clock that nobody sets. So a wall
/// clock that is hours off, or is put right meanwhile, ends no membership early. Safe from any thread.
/// </summary>
public sealed class NodeClock(TimeProvider time, Duration knownDifference)
{
    private readonly Lock _changing = new();
    private DateTimeOffset _heard = time.GetUtcNow() + knownDifference.ToTimeSpan();
    private long _heardAt = time.GetTimestamp();

    public DateTimeOffset Now
    {
        get
        {
            lock (_changing)
                return _heard + time.GetElapsedTime(_heardAt);
        }
    }

    public UnixTime UnixNow => UnixTime.From(Now);

    /// <summary>Takes a controller's word, and returns by how much its clock is ahead of this machine's.</summary>
    public Duration Set(UnixTime controllers)
    {
        lock (_changing)
        {
            _heard = controllers.ToDateTimeOffset();
            _heardAt = time.GetTimestamp();
        }

        return controllers - UnixTime.From(time.GetUtcNow());
    }
}
