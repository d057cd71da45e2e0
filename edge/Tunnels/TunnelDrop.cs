namespace WeCan.Edge.Tunnels;

/// <summary>Why a message or a datagram of a tunnel was dropped: a metric's label each.</summary>
internal enum TunnelDrop
{
    /// <summary>Another edge's message that is none of docs/wire-format.md, section 9.</summary>
    Malformed = 0,

    /// <summary>A message for a connection or a session that is over, or never was.</summary>
    Stray = 1,

    /// <summary>A datagram of a session that its exit does not let out.</summary>
    Refused = 2,

    /// <summary>A datagram for which the node's send memory, or its flows, had no room.</summary>
    OverlayFull = 3,

    /// <summary>A datagram that came while as many waited for the target's name to be resolved as may.</summary>
    HeldFull = 4,

    /// <summary>A datagram that the local socket did not take.</summary>
    LocalFull = 5,
}
