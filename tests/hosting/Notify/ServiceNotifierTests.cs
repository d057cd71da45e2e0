using System.Globalization;
using WeCan.Hosting.Notify;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Notify;

public sealed class ServiceNotifierTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_message_arrives_as_systemd_reads_it(bool isAbstract)
    {
        using var systemd = new NotifySocket(isAbstract ? $"@wecan-{Guid.NewGuid():N}" : _folder.File("notify"));
        using var notifier = new ServiceNotifier(new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = systemd.Address });

        notifier.Ready("12 links");
        Assert.Equal("READY=1\nSTATUS=12 links", systemd.Receive());
        notifier.Status("two\nlines\r\nREADY=1");
        Assert.Equal("STATUS=two lines READY=1", systemd.Receive());
        notifier.Alive();
        Assert.Equal("WATCHDOG=1", systemd.Receive());
        notifier.Stopping("draining", TimeSpan.FromSeconds(13));
        Assert.Equal("STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=13000000", systemd.Receive());
    }

    [Fact]
    public void A_reload_carries_the_monotonic_clock()
    {
        using var systemd = new NotifySocket(_folder.File("notify"));
        using var notifier = new ServiceNotifier(new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = systemd.Address });

        var before = Environment.TickCount64;
        notifier.Reloading();
        var after = Environment.TickCount64;

        var lines = systemd.Receive().Split('\n');
        Assert.Equal("RELOADING=1", lines[0]);
        var sent = long.Parse(lines[1]["MONOTONIC_USEC=".Length..], CultureInfo.InvariantCulture) / 1_000;
        Assert.InRange(sent, before - 50, after + 50);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vsock:2:1")]
    [InlineData("relative/path")]
    [InlineData("/nowhere/at/all")]
    [InlineData("@nobody-listens-here")]
    public void Without_systemd_nothing_happens(string? address)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["WATCHDOG_USEC"] = "1000000" };
        if (address is not null)
            variables["NOTIFY_SOCKET"] = address;
        using var notifier = new ServiceNotifier(variables);

        notifier.Ready("x");
        notifier.Alive();

        Assert.False(notifier.IsConnected);
        Assert.Equal(TimeSpan.Zero, notifier.WatchdogInterval);
    }

    [Fact]
    public void A_listener_that_goes_away_or_never_reads_does_not_matter()
    {
        var systemd = new NotifySocket(_folder.File("notify"));
        using var notifier = new ServiceNotifier(new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = systemd.Address });
        for (var i = 0; i < 10_000; i++)
            notifier.Status("nobody reads this");
        systemd.Dispose();
        notifier.Status("nobody is there");
    }

    [Theory]
    [InlineData("30000000", null, 30)]
    [InlineData("30000000", "self", 30)]
    [InlineData("30000000", "1", 0)]
    [InlineData("soon", null, 0)]
    [InlineData("0", null, 0)]
    public void The_watchdog_is_meant_for_one_process(string interval, string? pid, int seconds)
    {
        using var systemd = new NotifySocket(_folder.File("notify"));
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = systemd.Address, ["WATCHDOG_USEC"] = interval };
        if (pid is not null)
            variables["WATCHDOG_PID"] = pid == "self" ? Environment.ProcessId.ToString(CultureInfo.InvariantCulture) : pid;
        using var notifier = new ServiceNotifier(variables);

        Assert.Equal(TimeSpan.FromSeconds(seconds), notifier.WatchdogInterval);
    }
}
