namespace WeCan.Contracts.Inspection;

/// <summary>A pair of nodes whose first way would be another.</summary>
/// <param name="Class">Of whose traffic: "realtime", "signal" or "bulk".</param>
/// <param name="From">The one node.</param>
/// <param name="To">The other.</param>
/// <param name="Before">The relays of the first way as it is; none for the direct link, null for no way.</param>
/// <param name="After">The same as it would be.</param>
public sealed record PolicyTrialPair(string Class, NodeName From, NodeName To, IReadOnlyList<NodeName>? Before, IReadOnlyList<NodeName>? After);
