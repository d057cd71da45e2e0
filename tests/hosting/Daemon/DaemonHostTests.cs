using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Sample;
using WeCan.Hosting.Tests.Metrics;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Daemon;

public sealed class DaemonHostTests : IDisposable
{
    private static readonly string[] Anywhere = ["--listen", "127.0.0.1:0", "--metrics.listen", "127.0.0.1:0"];
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_starts_serves_and_stops_with_zero()
    {
        await using var daemon = TestDaemon.Echo(Anywhere);
        await daemon.Logged("wecan-echo 1.2.3 stands, configured by defaults");

        daemon.Signals.Stop("SIGTERM");

        Assert.Equal(ExitCodes.Ok, await daemon.Ended());
        Assert.Contains("Asked to stop by SIGTERM", daemon.Error, StringComparison.Ordinal);
        Assert.Contains("Drained.", daemon.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--lisen", "--lisen is nothing that wecan-echo takes: did you mean --listen?")]
    [InlineData("--log_level", "did you mean --log.level?")]
    [InlineData("--token=sesame", "--token would show it to everybody on this machine: write it into a file that only you can read, and --token-file FILE.")]
    [InlineData("run", "run is nothing that wecan-echo takes: --help tells")]
    public async Task A_wrong_flag_is_one_sentence(string flag, string says)
    {
        await using var daemon = TestDaemon.Echo(flag);

        Assert.Equal(ExitCodes.Usage, await daemon.Ended());
        Assert.Contains(says, daemon.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', daemon.Error);
        Assert.DoesNotContain("sesame", daemon.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flag_without_its_value_is_one_sentence()
    {
        await using var daemon = TestDaemon.Echo("--listen");

        Assert.Equal(ExitCodes.Usage, await daemon.Ended());
        Assert.Contains("--listen", daemon.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_and_version_are_told()
    {
        await using var help = TestDaemon.Echo("--help");
        await using var version = TestDaemon.Echo("--version");

        Assert.Equal(ExitCodes.Ok, await help.Ended());
        Assert.Contains("--metrics.listen", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("--token ", help.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await version.Ended());
        Assert.Equal("wecan-echo 1.2.3\n", version.Output);
    }

    [Fact]
    public async Task The_configuration_is_checked_and_printed_without_a_start()
    {
        var good = _folder.Write("good.json", """{ "listen": "127.0.0.1:7", "token": "sesame" }""");
        var bad = _folder.Write("bad.json", """{ "listen": "7", "metrics": { "lisen": 1 } }""");
        await using var isGood = TestDaemon.Echo("--check-config", "--config", good);
        await using var isBad = TestDaemon.Echo("--check-config", "--config", bad);
        await using var printed = TestDaemon.Echo("--print-config", "--config", good);

        Assert.Equal(ExitCodes.Ok, await isGood.Ended());
        Assert.Equal($"{good} is valid.\n", isGood.Output);
        Assert.Equal(ExitCodes.Config, await isBad.Ended());
        Assert.Equal(2, isBad.Error.Split('\n').Length);
        Assert.Contains("did you mean \"metrics.listen\"?", isBad.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Ok, await printed.Ended());
        Assert.Contains("\"listen\": \"127.0.0.1:7\", // ", printed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", printed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SocketType.Dgram, "listen")]
    [InlineData(SocketType.Stream, "metrics.listen")]
    public async Task A_port_in_use_is_one_sentence_without_frames(SocketType type, string key)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, type, ProtocolType.Unspecified);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (type == SocketType.Stream)
            taken.Listen();
        await using var daemon = TestDaemon.Echo([.. Anywhere.Where((_, index) => Anywhere[index - (index % 2)] != $"--{key}"), $"--{key}", taken.LocalEndPoint!.ToString()!]);

        Assert.Equal(ExitCodes.Unavailable, await daemon.Ended());
        Assert.Contains($"{taken.LocalEndPoint} is in use by another process", daemon.Error, StringComparison.Ordinal);
        Assert.Contains($"write another address at \"{key}\"", daemon.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", daemon.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Debug_shows_where_a_failure_came_from()
    {
        var broken = Echoless((_, _) => throw new InvalidOperationException("nobody foresaw this"));
        await using var quiet = TestDaemon.Run(Anywhere, broken);
        await using var debug = TestDaemon.Run([.. Anywhere, "--debug"], broken);

        Assert.Equal(ExitCodes.Fault, await quiet.Ended());
        Assert.Equal("wecan-echo: InvalidOperationException: nobody foresaw this (--debug shows where.)", quiet.Error.Split('\n')[^1]);
        Assert.DoesNotContain("   at ", quiet.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Fault, await debug.Ended());
        Assert.Contains("   at ", debug.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drains_run_in_order_and_a_failed_one_does_not_keep_the_next()
    {
        var order = new List<string>();
        await using var daemon = TestDaemon.Run(Anywhere, Echoless((context, _) =>
        {
            context.OnDrain("routes", _ => Note("routes"));
            context.OnDrain("broken", _ => throw new InvalidOperationException("this one is"));
            context.OnDrain("links", _ => Note("links"));
            return Task.CompletedTask;
        }));
        await daemon.Logged("stands");

        daemon.Signals.Stop("SIGTERM");

        Assert.Equal(ExitCodes.DrainIncomplete, await daemon.Ended());
        Assert.Equal(["routes", "links"], order);
        Assert.Contains("Draining \"broken\" failed: this one is", daemon.Error, StringComparison.Ordinal);

        Task Note(string name)
        {
            order.Add(name);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_second_signal_ends_the_drain_even_of_a_step_that_does_not_listen()
    {
        var isDraining = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var daemon = TestDaemon.Run(Anywhere, Echoless((context, _) =>
        {
            context.OnDrain("deaf", _ =>
            {
                isDraining.SetResult();
                return new TaskCompletionSource().Task;
            });
            context.OnDrain("never", _ => Task.CompletedTask);
            return Task.CompletedTask;
        }));
        await daemon.Logged("stands");
        daemon.Signals.Stop("SIGTERM");
        await isDraining.Task.WaitAsync(TimeSpan.FromSeconds(20));

        daemon.Signals.Stop("SIGTERM");

        Assert.Equal(ExitCodes.DrainIncomplete, await daemon.Ended());
        Assert.Contains("cut short in \"deaf\", as it was asked again to stop; 1 steps", daemon.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_drain_has_ten_seconds()
    {
        var time = new ManualTime();
        var isDraining = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var drains = new DrainSequence();
        drains.Add("slow", token =>
        {
            isDraining.SetResult();
            return new TaskCompletionSource().Task.WaitAsync(token);
        });
        var run = drains.RunAsync(time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, CancellationToken.None);
        await isDraining.Task.WaitAsync(TimeSpan.FromSeconds(20));

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(run.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.False(await run.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_stop_while_it_starts_is_no_failure()
    {
        var isStarting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var daemon = TestDaemon.Run(Anywhere, Echoless((_, cancellation) =>
        {
            isStarting.SetResult();
            return new TaskCompletionSource().Task.WaitAsync(cancellation);
        }));
        await isStarting.Task.WaitAsync(TimeSpan.FromSeconds(20));

        daemon.Signals.Stop("SIGTERM");

        Assert.Equal(ExitCodes.Ok, await daemon.Ended());
    }

    [Fact]
    public async Task What_cannot_go_on_stops_drained_and_with_its_own_code()
    {
        var isDrained = false;
        await using var daemon = TestDaemon.Run(Anywhere, Echoless((context, _) =>
        {
            context.OnDrain("links", _ =>
            {
                isDrained = true;
                return Task.CompletedTask;
            });
            context.Stop(new DaemonException("The store is corrupt: restore it from a back-up.", ExitCodes.Io));
            return Task.CompletedTask;
        }));

        Assert.Equal(ExitCodes.Io, await daemon.Ended());
        Assert.Contains("wecan-echo: The store is corrupt: restore it from a back-up.", daemon.Error, StringComparison.Ordinal);
        Assert.True(isDrained);
    }

    [Fact]
    public async Task A_service_that_fails_stops_the_daemon_and_is_told()
    {
        var definition = new DaemonDefinition<EchoOptions>
        {
            Name = "wecan-echo",
            About = "Has a service.",
            Options = EchoOptions.Read,
            Start = (_, _) => Task.CompletedTask,
            MetricsPort = 0,
            Services = (services, _) => services.AddHostedService<FailingService>(),
        };
        await using var daemon = TestDaemon.Run(Anywhere, definition);

        Assert.Equal(ExitCodes.Io, await daemon.Ended());
        Assert.Contains("wecan-echo: The service failed: mend it.", daemon.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_applies_what_it_can_and_says_what_it_cannot()
    {
        var file = _folder.Write("echo.json", """{ "listen": "127.0.0.1:0", "greeting": "one", "metrics": { "listen": "127.0.0.1:0" } }""");
        var seen = new List<string>();
        await using var daemon = TestDaemon.Run(["--config", file], Echoless((context, _) =>
        {
            context.OnReload((before, now) => seen.Add($"{before.Greeting} {now.Greeting}"));
            return Task.CompletedTask;
        }));
        await daemon.Logged("stands");

        _folder.Write("echo.json", """{ "listen": "127.0.0.1:1", "greeting": "two", "log": { "level": "debug" }, "metrics": { "listen": "127.0.0.1:0" } }""");
        daemon.Signals.Reload();
        await daemon.Logged("Reloaded: applied greeting one -> two, log.level info -> debug; after a restart only listen 127.0.0.1:0 -> 127.0.0.1:1.");
        Assert.Equal(["one two"], seen);

        _folder.Write("echo.json", """{ "listen": 5, "greeting": "three" }""");
        daemon.Signals.Reload();
        await daemon.Logged($"Not reloaded, all stays as it was: {file}:1: \"listen\" is \"5\"");
        Assert.Single(seen);

        using var http = await MetricsServerTests.Client(daemon);
        var metrics = await http.GetStringAsync("/metrics");
        Assert.Contains("wecan_config_reloads_total{result=\"applied\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("wecan_config_reloads_total{result=\"refused\"} 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_follows_the_daemon_and_its_conditions()
    {
        string? missing = "no controller yet";
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var daemon = TestDaemon.Run(Anywhere, Echoless((context, _) =>
        {
            context.ReadyWhen(() => missing);
            context.OnDrain("wait", _ => goOn.Task);
            return Task.CompletedTask;
        }));
        using var http = await MetricsServerTests.Client(daemon);

        using (var notYet = await http.GetAsync("/readyz"))
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "no controller yet\n"), (notYet.StatusCode, await notYet.Content.ReadAsStringAsync()));
        missing = null;
        Assert.Equal("ok\n", await http.GetStringAsync("/readyz"));

        daemon.Signals.Stop("SIGTERM");
        await daemon.Logged("Asked to stop");
        using (var draining = await http.GetAsync("/readyz"))
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining\n"), (draining.StatusCode, await draining.Content.ReadAsStringAsync()));
        Assert.Equal("ok\n", await http.GetStringAsync("/healthz"));
        goOn.SetResult();
        Assert.Equal(ExitCodes.Ok, await daemon.Ended());
    }

    private static DaemonDefinition<EchoOptions> Echoless(Func<DaemonContext<EchoOptions>, CancellationToken, Task> start) => new()
    {
        Name = "wecan-echo",
        About = "Does what the test says.",
        Options = EchoOptions.Read,
        Start = start,
        MetricsPort = 0,
    };
}
