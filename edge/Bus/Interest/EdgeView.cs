using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest;

/// <summary>The edges of one version of the membership, and since when this edge goes by it.</summary>
internal sealed record EdgeView(ulong Version, MonoTime Adopted, NodeId[] Edges);
