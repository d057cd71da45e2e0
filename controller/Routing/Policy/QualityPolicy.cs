namespace WeCan.Controller.Routing.Policy;

/// <summary>What is asked of the packets that routes carry. Nothing is chosen by it: where less is so, it is told.</summary>
internal sealed record QualityPolicy
{
    /// <summary>The least share of a pair's Realtime packets of ten seconds that is to be in time within the network; 0 asks for nothing.</summary>
    public double InTime { get; init; } = PolicyLimits.InTime;
}
