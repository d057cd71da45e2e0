namespace WeCan.Protocol.Handshakes;

/// <summary>What became of an initiation, so that its owner counts drops by reason. Nothing but <see cref="CookieSent"/> and <see cref="Accepted"/> is ever answered.</summary>
public enum InitiationOutcome
{
    Accepted,

    /// <summary>Under load, and the sender has not shown yet that it gets what is sent to its address: send the reply, keep nothing.</summary>
    CookieSent,

    /// <summary>Not a datagram of this format: dropped at no cost.</summary>
    Malformed,

    /// <summary>An authentic payload that makes no sense.</summary>
    MalformedPayload,

    /// <summary>Not meant for this node's key: dropped at the cost of one hash.</summary>
    WrongMac,

    /// <summary>A copy of an initiation whose time is over: dropped at the cost of one hash, once that is known.</summary>
    Replayed,

    /// <summary>A key that is no point, or sealed bytes that do not open.</summary>
    NotAuthentic,

    NoCommonVersion,

    NoCommonCipher,

    TokenRefused,
}
