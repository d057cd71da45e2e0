using WeCan.Contracts;

namespace WeCan.Lab.Reports;

/// <summary>One flow so far. Times are one way, from when a message was due to be sent until the program at the other end had it.</summary>
/// <param name="Received">Different messages.</param>
/// <param name="Late">Those of them that came after the Realtime deadline.</param>
/// <param name="Trouble">What ended it before its time; null where nothing did.</param>
internal sealed record FlowReport(
    ServiceClass Class, string From, string To, long Sent, long Bytes, long Received, long Late, long Repeated, long Reordered, long Damaged,
    double MedianMilliseconds, double P99Milliseconds, double MaxMilliseconds, string? Trouble)
{
    /// <summary>Not there, or too late for Realtime; what is still under way is among them while the flow sends.</summary>
    public long Missed => Sent - Received + (Class == ServiceClass.Realtime ? Late : 0);
}
