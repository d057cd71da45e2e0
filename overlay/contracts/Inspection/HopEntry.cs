namespace WeCan.Contracts.Inspection;

/// <summary>One link of a way and what it costs.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it leads.</param>
/// <param name="CostMs">The time that a packet is expected to need over it; null where the link cannot be used now.</param>
public sealed record HopEntry(int From, int To, double? CostMs);
