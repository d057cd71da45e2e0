namespace WeCan.Runtime.Local;

/// <summary>A node's ways to others, by their numbers; <paramref name="Total"/> counts also destinations that found no room here.</summary>
internal sealed record RoutesReport(IReadOnlyList<RouteEntry> Routes, int Total);
