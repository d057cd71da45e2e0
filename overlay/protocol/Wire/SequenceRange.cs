namespace WeCan.Protocol.Wire;

/// <summary>A run of a multicast flow's sequence numbers, from the first to one past the last.</summary>
internal readonly record struct SequenceRange(ulong First, ulong End);
