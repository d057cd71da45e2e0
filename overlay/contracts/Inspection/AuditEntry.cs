namespace WeCan.Contracts.Inspection;

/// <summary>One change that somebody made.</summary>
/// <param name="Id">Grows by one with each.</param>
/// <param name="At">When.</param>
/// <param name="Who">Who asked: a token with its name, or a user of the controller's machine.</param>
/// <param name="What">What was done.</param>
public sealed record AuditEntry(long Id, DateTimeOffset At, string Who, string What);
