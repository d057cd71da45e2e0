namespace WeCan.Contracts.Inspection;

/// <summary>What was said of a space.</summary>
/// <param name="Name">The first token of its subjects.</param>
/// <param name="Regions">The regions whose edges let its clients in; empty for all.</param>
/// <param name="Edges">Edges of the network that do.</param>
/// <param name="At">When it was said.</param>
/// <param name="Who">By whom.</param>
public sealed record SpaceEntry(string Name, IReadOnlyList<string> Regions, int Edges, DateTimeOffset At, string Who);
