namespace WeCan.Contracts.Inspection;

/// <summary>Something that happened in the network.</summary>
/// <param name="Id">Grows by one with each event of one run of a controller.</param>
/// <param name="At">When this controller saw it.</param>
/// <param name="Kind">"node_joined", "node_changed", "node_revoked", "node_ended", "node_connected", "node_disconnected", "link_up", "link_down", "routes_changed", "policy_set", "quality_low", "quality_back", or "gap" where events were missed.</param>
/// <param name="Text">The same as a sentence.</param>
/// <param name="Nodes">The nodes that it is about, by number.</param>
public sealed record EventEntry(long Id, DateTimeOffset At, string Kind, string Text, IReadOnlyList<int> Nodes);
