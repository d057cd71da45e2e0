using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Routing;

/// <summary>A computation that is due: all that goes into it, so that it can be done on another thread while the controller goes on.</summary>
internal sealed record RouteWork(RouteComputer Computer, Topology Topology, RoutePolicy Policy, RouteTable Before)
{
    public RouteTable Run() => Computer.Run(Topology, Policy, Before);
}
