using WeCan.Contracts;

namespace WeCan.Controller.Routing.Health;

/// <summary>A node was taken out of others' ways, or let back.</summary>
/// <param name="Probation">For how long it must be, or had to be, well.</param>
internal sealed record HealthNews(OutNode Node, bool IsBack, Duration Probation);
