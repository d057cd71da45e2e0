namespace WeCan.Protocol.Wire;

/// <summary>Why a RESET was sent. docs/wire-format.md, section 7.3.</summary>
internal enum ResetReason : byte
{
    /// <summary>This life of the destination does not know the flow; also what the origin's own RESET carries.</summary>
    Unknown = 1,

    /// <summary>No room for another flow.</summary>
    NoRoom = 2,

    /// <summary>The flow's bytes break the protocol.</summary>
    Refused = 3,
}
