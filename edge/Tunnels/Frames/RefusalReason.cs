namespace WeCan.Edge.Tunnels.Frames;

/// <summary>Why an exit does not let a connection or a session out. docs/wire-format.md, section 9; a metric's label each.</summary>
internal enum RefusalReason : byte
{
    /// <summary>A number that this version does not know.</summary>
    Other = 0,

    /// <summary>The exit's policy does not name the edge, the target or the protocol.</summary>
    Policy = 1,

    /// <summary>The target's machine refuses the connection.</summary>
    Refused = 2,

    /// <summary>The target cannot be reached, or its name is not known.</summary>
    Unreachable = 3,

    /// <summary>The target, or the other edge, did not answer in time.</summary>
    TimedOut = 4,

    /// <summary>As many connections, sessions or calls are open as there may be.</summary>
    TooMany = 5,

    /// <summary>The other edge speaks another version.</summary>
    Version = 6,

    /// <summary>What names the target is no host and port.</summary>
    BadTarget = 7,
}
