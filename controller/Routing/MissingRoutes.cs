using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing;

/// <summary>So many pairs of nodes, each class counted, have no way now; with one of them.</summary>
internal sealed record MissingRoutes(int Count, (RouteClass Service, NodeId Origin, NodeId Destination)? Example);
