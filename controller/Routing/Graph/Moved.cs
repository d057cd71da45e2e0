using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>A pair whose traffic goes another way from now on, and how much that is by estimate, in kbit/s.</summary>
internal readonly record struct Moved(RouteClass Service, NodeId Origin, NodeId Destination, Way Before, Way After, int Rate);
