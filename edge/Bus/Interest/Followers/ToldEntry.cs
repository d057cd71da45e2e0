using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest.Followers;

/// <summary>That an edge wants a pattern, by the word of one home.</summary>
internal readonly record struct ToldEntry(NodeId Edge, NodeId Home);
