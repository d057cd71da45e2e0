namespace WeCan.MessageBus.Protocol.Frames;

/// <summary>Why a subscription missed messages. The numbers go over the wire.</summary>
internal enum GapReason : byte
{
    /// <summary>Its reader was behind, and its overload policy let them go.</summary>
    Overload = 1,

    /// <summary>They waited longer than they were to live.</summary>
    Expired = 2,

    /// <summary>The client was moved to another edge; what was on its way then may be missing.</summary>
    Moved = 3,

    /// <summary>A publisher's edge lost what it held for this one.</summary>
    Lost = 4,
}
