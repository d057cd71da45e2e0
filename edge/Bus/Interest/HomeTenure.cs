using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest;

/// <summary>Since when an edge is one of a space's pair, as far as this one knows: in time, and by which version of the membership.</summary>
internal readonly record struct HomeTenure(MonoTime Since, ulong Version);
