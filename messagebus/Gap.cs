namespace WeCan.MessageBus;

/// <summary>Messages that a subscription was to get and did not.</summary>
/// <param name="Count">How many; -1 where nobody can say.</param>
/// <param name="Cause">Why they did not come.</param>
public sealed record Gap(long Count, GapCause Cause);
