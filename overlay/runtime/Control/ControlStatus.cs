namespace WeCan.Runtime.Control;

/// <summary>How a node stands with its controllers, for whoever only looks.</summary>
/// <param name="IsConnected">A controller has welcomed this node, and the session stands.</param>
/// <param name="Controller">The address of that controller, or of the one before.</param>
/// <param name="Transport">What carries that session, or carried the one before.</param>
/// <param name="Sessions">Sessions that a controller welcomed.</param>
/// <param name="Failures">Rounds over all controllers that ended without a session.</param>
/// <param name="Trouble">Why there is no session, as the end of a sentence; empty while there is one.</param>
public sealed record ControlStatus(bool IsConnected, string Controller, ControlTransport Transport, long Sessions, long Failures, string Trouble)
{
    public static readonly ControlStatus None = new(false, "", ControlTransport.WebSocket, 0, 0, "none was asked yet");

    /// <summary>When that session was welcomed, or when the last one ended; null where there never was one.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The last controller that this node spoke to holds it for no member.</summary>
    public bool IsDisowned { get; init; }
}
