using WeCan.Contracts;
using WeCan.Protocol.Nodes;

namespace WeCan.Runtime.Metrics;

/// <summary>
/// The node for a scraper: one look by the loop serves all metrics of a scrape. A loop that is held up does not hold the
/// scraper up for long, which then gets what was seen last. Any thread.
/// </summary>
internal sealed class NodeView(OverlayDriver driver, TimeProvider time)
{
    private readonly Lock _looking = new();
    private NodeSnapshot? _last;
    private long _lastAt;

    /// <summary>Null until the loop has answered once.</summary>
    public NodeSnapshot? Look()
    {
        lock (_looking)
        {
            if (_last is not null && time.GetElapsedTime(_lastAt) < MetricLimits.Fresh)
                return _last;
            var taken = new TaskCompletionSource<NodeSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
            void Take(Node node, MonoTime now) => taken.SetResult(new(node));
            if (driver.Post(Take) != PostResult.Accepted || !taken.Task.Wait(MetricLimits.LoopWait))
                return _last;
            (_last, _lastAt) = (taken.Task.Result, time.GetTimestamp());
            return _last;
        }
    }
}
