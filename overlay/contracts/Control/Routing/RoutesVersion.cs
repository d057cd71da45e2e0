namespace WeCan.Contracts.Control.Routing;

/// <summary>
/// A state of one node's routes. The number counts what a controller has computed for this node since it started, and the mark
/// is the sum of <see cref="DestinationRoutes.Mark"/> over all destinations: whoever holds routes can reckon it, so what was
/// lost, damaged or applied to something else shows, and a controller that starts anew finds that a node holds the right routes already.
/// </summary>
public readonly record struct RoutesVersion(ulong Number, ulong Mark)
{
    /// <summary>No routes at all, and what a node holds that was told none.</summary>
    public static readonly RoutesVersion None;

    public override string ToString() => $"r{Number}-{Mark:x16}";
}
