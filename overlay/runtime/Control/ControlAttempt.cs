namespace WeCan.Runtime.Control;

/// <summary>What became of one round over the controllers: whether a session stood for a while, and how long a controller wants to be left alone.</summary>
/// <param name="WasGood">It stood for a while.</param>
/// <param name="RetryAfter">Zero where the controller did not say.</param>
/// <param name="LeadsNot">The controller stands by: what it said, for the next one to be asked.</param>
internal sealed record ControlAttempt(bool WasGood, TimeSpan RetryAfter, string LeadsNot = "");
