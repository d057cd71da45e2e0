namespace WeCan.Contracts.Inspection;

/// <summary>The spaces of which something was said.</summary>
/// <param name="Version">How often keys, revocations and spaces have changed since the network was made.</param>
/// <param name="Edges">Edges that are connected and ask for them.</param>
/// <param name="EdgesCurrent">Of these, those that have this version on their disks.</param>
/// <param name="Spaces">By their names.</param>
public sealed record SpacesReport(ulong Version, int Edges, int EdgesCurrent, IReadOnlyList<SpaceEntry> Spaces);
