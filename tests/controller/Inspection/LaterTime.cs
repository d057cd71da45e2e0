namespace WeCan.Controller.Tests.Inspection;

/// <summary>The machine's time, and as much later.</summary>
internal sealed class LaterTime(TimeSpan later) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + later;
}
