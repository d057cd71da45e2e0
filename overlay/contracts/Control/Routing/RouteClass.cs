namespace WeCan.Contracts.Control.Routing;

/// <summary>
/// Who a route is for: traffic of one service class, as what is a good way differs among them. Control packets take what Signal takes. The values are
/// the wire's.
/// </summary>
public enum RouteClass : byte
{
    /// <summary>For signalling and messages: the time until they are there.</summary>
    Signal = 0,

    /// <summary>For media: what shakes or loses counts more than what takes a little longer.</summary>
    Realtime = 1,

    /// <summary>For tunnels and files: what carries much and costs little.</summary>
    Bulk = 2,
}
