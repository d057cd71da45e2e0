namespace WeCan.Runtime.Local;

/// <summary>A node's links, by their peers' numbers; <paramref name="Total"/> counts also those that found no room here.</summary>
internal sealed record LinksReport(IReadOnlyList<LinkEntry> Links, int Total);
