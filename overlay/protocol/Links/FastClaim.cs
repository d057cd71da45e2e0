namespace WeCan.Protocol.Links;

/// <summary>Why a link should be fast, the best reason last.</summary>
internal enum FastClaim : byte
{
    None,

    /// <summary>The peer would like it.</summary>
    Asked,

    /// <summary>It has to prove itself after a death.</summary>
    OnTrial,

    /// <summary>Routes lead over it, and data took it in the last minute, or they began to in that time.</summary>
    Named,

    /// <summary>It carries data, or did a moment ago.</summary>
    Traffic,
}
