using Microsoft.Extensions.Logging;
using WeCan.Controller.Core;

namespace WeCan.Controller.Service;

/// <summary>What of the routing is worth a line of the log: once for each time that it changes.</summary>
internal static class RoutingNews
{
    public static void Tell(ILogger log, ControllerCore core)
    {
        var (routing, members) = (core.Routing, core.History);
        while (core.TryTakeOver(out var sentence))
            ServiceLog.MaintenanceOver(log, sentence);
        while (routing.Health.TryTakeNews(out var news))
        {
            if (news.IsBack)
                ServiceLog.NodeBack(log, members.NameOf(news.Node.Node), news.Probation.ToString());
            else
                ServiceLog.NodeOut(log, members.NameOf(news.Node.Node), news.Node.Bad, news.Node.Peers, news.Probation.ToString());
        }

        if (!routing.TryTakeNews(out var missing))
            return;
        if (missing.Example is { } pair && missing.Count > 0)
            ServiceLog.NoRoutes(log, missing.Count, members.NameOf(pair.Origin), members.NameOf(pair.Destination), pair.Service.ToString().ToLowerInvariant(), pair.Origin.Value, pair.Destination.Value);
        else
            ServiceLog.RoutesBack(log);
    }
}
