namespace WeCan.Protocol.Sealing;

/// <summary>What became of a handshake's message.</summary>
internal enum SealingOutcome : byte
{
    Taken = 0,

    /// <summary>Not the peer's, or not a new one; also one that gives way to this node's own.</summary>
    Refused = 1,

    /// <summary>More than this node computes for one peer, or for all.</summary>
    OverBudget = 2,
}
