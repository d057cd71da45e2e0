namespace WeCan.Integration.Tests.Control;

/// <summary>This machine's clock, off by as much as a test says: its date, and what it measures. What is waited for takes its time.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Shift.TotalSeconds * TimestampFrequency);
}
