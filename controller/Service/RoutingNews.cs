using Microsoft.Extensions.Logging;
using WeCan.Controller.Routing;

namespace WeCan.Controller.Service;

/// <summary>What of the routing is worth a line of the log: once for each time that it changes.</summary>
internal static class RoutingNews
{
    public static void Tell(ILogger log, RouteDesk routing)
    {
        while (routing.Health.TryTakeNews(out var news))
        {
            if (news.IsBack)
                ServiceLog.NodeBack(log, news.Node.Node.Value, news.Probation.ToString());
            else
                ServiceLog.NodeOut(log, news.Node.Node.Value, news.Node.Bad, news.Node.Peers, news.Probation.ToString());
        }

        if (!routing.TryTakeNews(out var missing))
            return;
        if (missing.Example is { } pair && missing.Count > 0)
            ServiceLog.NoRoutes(log, missing.Count, pair.Origin.Value, pair.Destination.Value, pair.Service.ToString().ToLowerInvariant());
        else
            ServiceLog.RoutesBack(log);
    }
}
