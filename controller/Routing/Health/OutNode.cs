using WeCan.Contracts;

namespace WeCan.Controller.Routing.Health;

/// <summary>A node that carries nothing for others just now.</summary>
/// <param name="Node">Which.</param>
/// <param name="Since">From when on.</param>
/// <param name="Bad">How many of its peers said that it fails, when it was taken out.</param>
/// <param name="Peers">How many said anything of it.</param>
internal sealed record OutNode(NodeId Node, MonoTime Since, int Bad, int Peers);
