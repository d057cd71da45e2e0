namespace WeCan.Protocol.Wire;

/// <summary>Segments that were received above a gap: the first one's distance from the confirmed <i>next</i>, and how many.</summary>
internal readonly record struct SegmentRange(uint Offset, uint Length);
