using WeCan.Contracts;

namespace WeCan.Lab.Messages;

/// <summary>One flow at its destination. Times are one way, from when a message was due to be sent until the application had it.</summary>
/// <param name="Received">Different messages.</param>
/// <param name="Gaps">Messages that had not come when a later one had.</param>
internal sealed record SinkReport(
    ServiceClass Class, string From, long Received, long Gaps, long Repeated, long Reordered, long Damaged,
    double MedianMilliseconds, double P99Milliseconds, double MaxMilliseconds);
