namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>What is true of kinds.</summary>
internal static class FrameKinds
{
    /// <summary>
    /// Frames that are counted in their direction, kept until the other end has told that it has them, and said again after a
    /// connection was lost. A client's Publish has a number of its own, by which the same is done until it is confirmed. Others are
    /// worth nothing later, or say all anew whenever they are said.
    /// </summary>
    public static bool IsCounted(FrameKind kind) => kind
        is FrameKind.Subscribe or FrameKind.Unsubscribe
        or FrameKind.Subscribed or FrameKind.Refused or FrameKind.Message or FrameKind.Publisher or FrameKind.Confirmed or FrameKind.Gap or FrameKind.Ended;
}
