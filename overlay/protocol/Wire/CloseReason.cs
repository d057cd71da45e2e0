namespace WeCan.Protocol.Wire;

/// <summary>Why a link was closed, as CLOSE carries it: docs/wire-format.md, section 5.5.</summary>
public enum CloseReason : byte
{
    None = 0,
    GoingAway = 1,
    Superseded = 2,
    Revoked = 3,
    ProtocolViolation = 4,

    /// <summary>The peer has heard nothing of this side for too long, though this side may hear the peer.</summary>
    Silence = 5,
}
