namespace WeCan.Protocol.Links;

/// <summary>What routes want of a link, beside the traffic that it carries.</summary>
public enum LinkUse : byte
{
    /// <summary>Nothing: it is there, and probed now and then.</summary>
    None,

    /// <summary>It may be chosen soon, and is to be measured each second.</summary>
    Candidate,

    /// <summary>Routes lead over it: while data takes it, its death must show at once.</summary>
    InUse,
}
