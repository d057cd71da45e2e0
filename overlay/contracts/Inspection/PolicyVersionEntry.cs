namespace WeCan.Contracts.Inspection;

/// <summary>A version of the policy without its document.</summary>
/// <param name="Version">Grows by one with each.</param>
/// <param name="At">When it was set.</param>
/// <param name="Who">Who set it.</param>
/// <param name="Comment">What was said of it.</param>
/// <param name="Changes">In how many places it differs from the version before; null where that is not kept any more.</param>
public sealed record PolicyVersionEntry(long Version, DateTimeOffset At, string Who, string Comment, int? Changes);
