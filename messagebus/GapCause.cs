namespace WeCan.MessageBus;

/// <summary>Why messages did not come to a subscription.</summary>
public enum GapCause
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
