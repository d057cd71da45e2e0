namespace WeCan.Runtime.Local;

/// <summary>How a node stands with its controllers.</summary>
/// <param name="IsConnected">A session stands.</param>
/// <param name="Address">The controller's, or the last one's.</param>
/// <param name="Transport">What carries the session, or carried it.</param>
/// <param name="Since">Since when it is so; null where there never was a session.</param>
/// <param name="Sessions">Sessions since the start.</param>
/// <param name="Trouble">Why there is none, as the end of a sentence; empty while there is one.</param>
internal sealed record ControllerReport(bool IsConnected, string Address, string Transport, DateTimeOffset? Since, long Sessions, string Trouble);
