namespace WeCan.Contracts.Control;

/// <summary>What both ends of a control session over QUIC must have the same; docs/control.md.</summary>
public static class ControlOverQuic
{
    /// <summary>The application protocol that both offer in the handshake (ALPN).</summary>
    public const string Protocol = "wecan-control/1";

    /// <summary>The session is over, and its last frame told why.</summary>
    public const long Done = 0;

    /// <summary>The node's certificate was not taken; a goodbye with the reason went before.</summary>
    public const long NotAdmitted = 1;

    /// <summary>The node opened no stream, or not in time.</summary>
    public const long NoStream = 2;

    /// <summary>The controller has no place for another connection.</summary>
    public const long TooMany = 3;

    /// <summary>One side gave the session up without a last word.</summary>
    public const long GivenUp = 4;
}
