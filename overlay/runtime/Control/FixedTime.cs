namespace WeCan.Runtime.Control;

/// <summary>A time at which a certificate is to be judged.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
