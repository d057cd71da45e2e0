using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Policy;

/// <summary>How many milliseconds a class would rather wait than pay 1 for a gigabyte.</summary>
internal sealed record PricePolicy
{
    public Duration Signal { get; init; } = PolicyLimits.SignalPrice;

    public Duration Realtime { get; init; } = PolicyLimits.RealtimePrice;

    public Duration Bulk { get; init; } = PolicyLimits.BulkPrice;

    public Duration Of(RouteClass service) => service switch
    {
        RouteClass.Realtime => Realtime,
        RouteClass.Signal => Signal,
        _ => Bulk,
    };
}
