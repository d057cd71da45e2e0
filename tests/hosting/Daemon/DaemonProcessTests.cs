using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Daemon;

/// <summary>The whole small daemon as systemd would run it: a process, a notify socket, signals.</summary>
public sealed partial class DaemonProcessTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly NotifySocket _systemd;

    public DaemonProcessTests() => _systemd = new NotifySocket(_folder.File("notify"));

    public void Dispose()
    {
        _systemd.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_lives_the_life_that_systemd_expects()
    {
        var file = _folder.Write("echo.json", """{ "listen": "127.0.0.1:0", "metrics": { "listen": "127.0.0.1:0" } }""");
        using var daemon = new SampleProcess([new("NOTIFY_SOCKET", _systemd.Address), new("WATCHDOG_USEC", "2000000")], "--config", file);

        var ready = _systemd.ReceiveUntil("READY=1");
        var at = IPEndPoint.Parse(Port().Match(ready).Value);
        Assert.Equal("hello you", await Echo(at, "you"));
        _systemd.ReceiveUntil("WATCHDOG=1");
        _systemd.ReceiveUntil("WATCHDOG=1");

        _folder.Write("echo.json", """{ "listen": "127.0.0.1:0", "metrics": { "listen": "127.0.0.1:0" }, "greeting": "good day" }""");
        daemon.Signal("HUP");
        Assert.StartsWith("RELOADING=1\nMONOTONIC_USEC=", _systemd.ReceiveUntil("RELOADING=1"), StringComparison.Ordinal);
        _systemd.ReceiveUntil("READY=1");
        Assert.Equal("good day you", await Echo(at, "you"));

        daemon.Signal("TERM");
        Assert.Equal("STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=13000000", _systemd.ReceiveUntil("STOPPING=1"));
        Assert.Equal(ExitCodes.Ok, await daemon.Ended());
    }

    /// <summary>What is not loaded takes no memory (docs/decisions/0049).</summary>
    [Fact]
    public async Task It_answers_without_the_libraries_of_a_web_server()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The system does not say what a process has loaded.");
        using var daemon = new SampleProcess([], "--listen", "127.0.0.1:0", "--metrics.listen", "127.0.0.1:0");
        using var http = new HttpClient();
        var line = await daemon.Logged("Metrics are at");
        Assert.Equal("ok\n", await http.GetStringAsync(new Uri($"{line[line.IndexOf("http", StringComparison.Ordinal)..line.LastIndexOf('/')]}/healthz")));
        var loaded = (await File.ReadAllLinesAsync($"/proc/{daemon.Id}/maps")).Select(map => Path.GetFileName(map)).Where(name => name.EndsWith(".dll", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList();
        Assert.Contains(loaded, name => name == "WeCan.Hosting.dll");
        Assert.DoesNotContain(loaded, name => name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) || name is "System.IO.Pipelines.dll" or "System.Diagnostics.Process.dll");
    }

    // The timers of the process run on while it is stopped only in part: a stopped process gives no sign at all.
    [Fact]
    public async Task A_process_that_stands_still_gives_no_sign_of_life_and_goes_on_after()
    {
        using var daemon = new SampleProcess([new("NOTIFY_SOCKET", _systemd.Address), new("WATCHDOG_USEC", "400000")], "--listen", "127.0.0.1:0", "--metrics.listen", "127.0.0.1:0");
        _systemd.ReceiveUntil("WATCHDOG=1");

        daemon.Signal("STOP");
        while (!_systemd.IsEmpty)
            _systemd.Receive();
        Assert.False(_systemd.HasWithin(TimeSpan.FromSeconds(1)));
        daemon.Signal("CONT");

        _systemd.ReceiveUntil("WATCHDOG=1");
        daemon.Signal("INT");
        Assert.Equal(ExitCodes.Ok, await daemon.Ended());
    }

    [Fact]
    public async Task A_second_SIGTERM_does_not_wait_for_the_drain()
    {
        using var daemon = new SampleProcess([new("NOTIFY_SOCKET", _systemd.Address)], "--listen", "127.0.0.1:0", "--metrics.listen", "127.0.0.1:0", "--linger", "1m");
        _systemd.ReceiveUntil("READY=1");

        daemon.Signal("TERM");
        await daemon.Logged("Asked to stop by SIGTERM");
        daemon.Signal("TERM");

        Assert.Equal(ExitCodes.DrainIncomplete, await daemon.Ended());
    }

    [Fact]
    public async Task Two_of_them_on_one_port_leave_one_and_a_sentence()
    {
        using var first = new SampleProcess([new("NOTIFY_SOCKET", _systemd.Address)], "--listen", "127.0.0.1:0", "--metrics.listen", "127.0.0.1:0");
        var at = Port().Match(_systemd.ReceiveUntil("READY=1")).Value;
        using var second = new SampleProcess([], "--listen", at, "--metrics.listen", "127.0.0.1:0");

        Assert.Equal(ExitCodes.Unavailable, await second.Ended());
        await second.Logged($"wecan-echo: {at} is in use by another process");
        Assert.DoesNotContain("   at ", second.Error, StringComparison.Ordinal);
        first.Signal("TERM");
        Assert.Equal(ExitCodes.Ok, await first.Ended());
    }

    private static async Task<string> Echo(IPEndPoint at, string text)
    {
        using var client = new UdpClient();
        client.Connect(at);
        await client.SendAsync(Encoding.UTF8.GetBytes(text));
        return Encoding.UTF8.GetString((await client.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(20))).Buffer);
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Port();
}
