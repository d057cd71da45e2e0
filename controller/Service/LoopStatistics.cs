using WeCan.Contracts.Control.Messages;
using WeCan.Controller.Routing;
using WeCan.Hosting.Metrics;

namespace WeCan.Controller.Service;

/// <summary>What a controller has done since it started, over all cores that its loop had. Others may read at any time.</summary>
internal sealed class LoopStatistics
{
    private static readonly RefusalReason[] AllReasons = Enum.GetValues<RefusalReason>();

    private readonly long[] _refused = new long[AllReasons.Length];
    private long _commits;

    public RouteCounters Routes { get; } = new();

    public FixedHistogram CommitTime { get; } = new(MetricRegistry.DurationBounds);

    public FixedHistogram RouteTime { get; } = new(MetricRegistry.DurationBounds);

    public long Commits => Interlocked.Read(ref _commits);

    public static IReadOnlyList<RefusalReason> Reasons => AllReasons;

    public void Committed(TimeSpan time)
    {
        Interlocked.Increment(ref _commits);
        CommitTime.Record(time.TotalSeconds);
    }

    public long Refused(RefusalReason reason) => Interlocked.Read(ref _refused[(int)reason]);

    public void Refuse(RefusalReason reason) => Interlocked.Increment(ref _refused[(int)reason]);

    /// <summary>Counts a session that this side ended; one that ended as it should is no refusal.</summary>
    public void Refuse(GoodbyeReason reason)
    {
        RefusalReason? refusal = reason switch
        {
            GoodbyeReason.Malformed => RefusalReason.Malformed,
            GoodbyeReason.NotAMember => RefusalReason.NotAMember,
            GoodbyeReason.OtherNetwork or GoodbyeReason.OtherProtocol => RefusalReason.OtherNetwork,
            GoodbyeReason.Superseded => RefusalReason.Superseded,
            GoodbyeReason.TooMuch => RefusalReason.TooMuch,
            _ => null,
        };
        if (refusal is { } counted)
            Refuse(counted);
    }
}
