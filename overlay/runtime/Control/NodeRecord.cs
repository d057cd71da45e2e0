using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Runtime.Control;

/// <summary>Who a node is in its network, and where it heard of it: what stands in its folder beside keys and certificates.</summary>
/// <param name="Network">The network that let it in.</param>
/// <param name="Number">Its number there.</param>
/// <param name="Role">What it was let in as.</param>
/// <param name="Controllers">Where controllers are, the one that answered last first.</param>
/// <param name="ClockDifference">By how much the controller's clock was ahead of this machine's when it was last heard.</param>
public sealed record NodeRecord(NetworkId Network, NodeId Number, NodeRole Role, IReadOnlyList<string> Controllers, Duration ClockDifference);
