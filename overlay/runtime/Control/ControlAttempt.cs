namespace WeCan.Runtime.Control;

/// <summary>What became of one round over the controllers: whether a session stood for a while, and how long a controller wants to be left alone.</summary>
internal sealed record ControlAttempt(bool WasGood, TimeSpan RetryAfter);
