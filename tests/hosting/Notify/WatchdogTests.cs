using WeCan.Hosting.Metrics;
using WeCan.Hosting.Notify;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Notify;

public sealed class WatchdogTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly NotifySocket _systemd;
    private readonly ServiceNotifier _notifier;
    private readonly HealthState _health = new();
    private readonly List<string> _told = [];

    public WatchdogTests()
    {
        _systemd = new NotifySocket(_folder.File("notify"));
        _notifier = new ServiceNotifier(new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = _systemd.Address, ["WATCHDOG_USEC"] = "30000000" });
    }

    public void Dispose()
    {
        _notifier.Dispose();
        _systemd.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Signs_of_life_come_each_half_interval_while_the_loop_turns()
    {
        var pulse = new LoopPulse("network", _time);
        _health.Add(pulse);
        using var watchdog = new Watchdog(_notifier, _time, _health.WhatHangs, _told.Add);

        var signs = 0;
        for (var second = 0; second < 120; second++)
        {
            pulse.Turn();
            _time.Advance(TimeSpan.FromSeconds(1));
            signs += Signs();
        }

        Assert.Equal(9, signs);
        Assert.Empty(_told);
    }

    [Fact]
    public void A_loop_that_hangs_gives_none_although_timers_run_and_is_named_once()
    {
        var pulse = new LoopPulse("network", _time);
        _health.Add(pulse);
        using var watchdog = new Watchdog(_notifier, _time, _health.WhatHangs, _told.Add);
        pulse.Turn();
        _time.Advance(TimeSpan.Zero);
        Assert.Equal(1, Signs());

        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(0, Signs());
        Assert.Contains("the loop \"network\" has not turned for 15.0 s", Assert.Single(_told), StringComparison.Ordinal);
    }

    // Half of the interval is left when a sign is missed: a loop that comes back within it must not be killed.
    [Fact]
    public void A_loop_that_comes_back_gives_its_sign_before_the_interval_is_over()
    {
        var pulse = new LoopPulse("network", _time);
        _health.Add(pulse);
        using var watchdog = new Watchdog(_notifier, _time, _health.WhatHangs, _told.Add);
        pulse.Turn();
        _time.Advance(TimeSpan.Zero);
        Assert.Equal(1, Signs());

        _time.Advance(TimeSpan.FromSeconds(20));
        pulse.Turn();
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(1, Signs());
    }

    [Fact]
    public void A_loop_that_has_ended_as_it_should_is_not_missed()
    {
        var pulse = new LoopPulse("network", _time);
        _health.Add(pulse);
        pulse.End();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(_health.WhatHangs());
    }

    private int Signs()
    {
        var signs = 0;
        while (!_systemd.IsEmpty)
        {
            Assert.Equal("WATCHDOG=1", _systemd.Receive());
            signs++;
        }

        return signs;
    }
}
