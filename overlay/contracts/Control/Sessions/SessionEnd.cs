using WeCan.Contracts.Control.Messages;

namespace WeCan.Contracts.Control.Sessions;

/// <summary>How a session ended: who said so, why, and how long the other side asks to be left alone.</summary>
public sealed record SessionEnd(bool IsOurs, GoodbyeReason Reason, string Text, Duration RetryAfter);
