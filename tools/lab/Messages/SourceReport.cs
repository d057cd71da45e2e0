using WeCan.Contracts;

namespace WeCan.Lab.Messages;

/// <summary>One flow at its origin.</summary>
/// <param name="Blocked">How often there was no room for a message at its time.</param>
internal sealed record SourceReport(ServiceClass Class, string To, long Sent, long Bytes, long Confirmed, long Blocked, bool IsBroken);
