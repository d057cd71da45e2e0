namespace WeCan.Protocol.Sealing;

/// <summary>What became of a sealed packet.</summary>
internal enum OpenOutcome : byte
{
    Opened = 0,

    /// <summary>Of a session that is not known here.</summary>
    UnknownSession = 1,

    /// <summary>Its number came before, or lies too far back.</summary>
    Replayed = 2,

    /// <summary>Made or changed by somebody else, or not sent so by this peer to this node in this class.</summary>
    NotAuthentic = 3,
}
