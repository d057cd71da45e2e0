using WeCan.Hosting.Metrics;

namespace WeCan.Hosting.Tests.Metrics;

public sealed class ProcessStartTests
{
    [Fact]
    public void The_start_is_the_one_that_the_platform_tells()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the platform is asked.");
        Assert.InRange(ProcessMetrics.StartByClockTicks() - ProcessMetrics.StartByLibrary(), -0.5, 0.5);
    }
}
