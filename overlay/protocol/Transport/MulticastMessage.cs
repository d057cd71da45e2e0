using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>How a multicast message is cut: the first segment of several is shorter, so that the priors of all destinations have room behind it.</summary>
internal static class MulticastMessage
{
    private const int First = MulticastSegmentHeader.FirstSegment;

    public static int SegmentsOf(int length) =>
        length <= First ? 1 : 1 + ((length - First + WireLimits.MaxSegment - 1) / WireLimits.MaxSegment);

    /// <summary>How much of what is left goes into the next segment.</summary>
    public static int SegmentLength(int left, bool isFirst, bool isOnly) =>
        isOnly ? left : Math.Min(left, isFirst ? First : WireLimits.MaxSegment);
}
