using Microsoft.Extensions.Logging;
using WeCan.Hosting.Logging;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Logging;

public sealed class DaemonLoggerTests
{
    private readonly ManualTime _time = new();
    private readonly LogLevelSwitch _levels = new(LogLevel.Information);

    [Fact]
    public void The_level_can_change_while_it_runs()
    {
        var lines = Logged(log =>
        {
            log.LogDebug("one");
            _levels.Level = LogLevel.Debug;
            log.LogDebug("two");
            _levels.Level = LogLevel.None;
            log.LogCritical("three");
        });

        Assert.Equal("<7>Test: two", Assert.Single(lines));
    }

    [Fact]
    public void The_platform_begins_at_warning_unless_all_is_asked_for()
    {
        Assert.False(_levels.Allows(LogLevel.Information, isOfPlatform: true));
        Assert.True(_levels.Allows(LogLevel.Information, isOfPlatform: false));
        _levels.Level = LogLevel.Debug;
        Assert.True(_levels.Allows(LogLevel.Information, isOfPlatform: true));
    }

    [Fact]
    public void A_flood_of_one_kind_is_counted_and_other_kinds_pass()
    {
        var lines = Logged(log =>
        {
            for (var i = 0; i < 1_000; i++)
                log.Log(LogLevel.Warning, new EventId(7), $"number {i}");
            log.Log(LogLevel.Warning, new EventId(8), "another");
            _time.Advance(TimeSpan.FromSeconds(6));
            log.Log(LogLevel.Warning, new EventId(7), "again");
        });

        Assert.Equal(HostingLimits.RepeatsAllowed + 3, lines.Length);
        Assert.Equal("<4>Test[8]: another", lines[^3]);
        Assert.Equal($"<4>Test[7]: {1_000 - HostingLimits.RepeatsAllowed} more lines like the last were not written.", lines[^2]);
        Assert.Equal("<4>Test[7]: again", lines[^1]);
    }

    [Fact]
    public void What_was_held_back_is_told_at_the_end_too()
    {
        var lines = Logged(log =>
        {
            for (var i = 0; i < 15; i++)
                log.LogInformation("the same text {Number}", i);
        });

        Assert.EndsWith("5 more lines like the last were not written.", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_are_bounded()
    {
        var limiter = new RepeatLimiter(_time);
        var allowed = Enumerable.Range(0, 50_000).Count(i => limiter.Allows("Test", default, LogLevel.Information, $"text {i}"));

        Assert.Equal(HostingLimits.RepeatKinds + HostingLimits.RepeatsAllowed, allowed);
    }

    // Standard error stands still: whoever logs goes on, and what was lost is told when it moves again.
    [Fact]
    public async Task A_reader_that_stands_still_holds_nobody_up()
    {
        using var output = new StuckWriter();
        var queue = new LogQueue(output, lost => $"{lost} lost");
        queue.Add("first");
        await output.IsStuck.Task.WaitAsync(TimeSpan.FromSeconds(20));

        for (var i = 0; i < HostingLimits.LogQueueLines + 100; i++)
            queue.Add("line");
        Assert.Equal(100, queue.Lost);
        output.GoOn.SetResult();
        queue.Dispose();

        Assert.Equal("100 lost", output.Lines[^1]);
        Assert.Equal(HostingLimits.LogQueueLines + 2, output.Lines.Count);
    }

    private string[] Logged(Action<ILogger> act)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using (var provider = new DaemonLoggerProvider(LogFormat.Journal, _levels, output, _time))
            act(provider.CreateLogger("WeCan.Test"));
        return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
