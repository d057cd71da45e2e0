namespace WeCan.Contracts.Inspection;

/// <summary>Links, each as told by one of its ends; <paramref name="Total"/> counts also those that found no room here.</summary>
public sealed record LinksReport(IReadOnlyList<LinkEntry> Links, int Total);
