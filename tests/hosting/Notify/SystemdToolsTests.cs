using System.Diagnostics;
using WeCan.Hosting.Notify;
using WeCan.Hosting.Tests.Support;
using WeCan.Programs;

namespace WeCan.Hosting.Tests.Notify;

/// <summary>Holds what we send against systemd's own tools.</summary>
public sealed class SystemdToolsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_systemd_notify_sends_is_what_we_send()
    {
        if (Find("systemd-notify") is not { } tool)
        {
            Assert.Skip("systemd-notify is missing: install the Debian package systemd.");
            return;
        }

        using var systemd = new NotifySocket(_folder.File("notify"));
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = systemd.Address };
        Assert.Equal(0, Run(tool, variables, out _, "--no-block", "--ready", "--status=12 links"));
        var theirs = systemd.Receive().Split('\n').Where(line => line.Length > 0 && !line.StartsWith("MAINPID", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();

        using var notifier = new ServiceNotifier(variables);
        notifier.Ready("12 links");

        Assert.Equal(theirs, systemd.ReceiveUntil("READY").Split('\n').Order(StringComparer.Ordinal).ToList());
    }

    [Fact]
    public void The_unit_that_the_operator_s_page_shows_is_valid()
    {
        if (Find("systemd-analyze") is not { } tool)
        {
            Assert.Skip("systemd-analyze is missing: install the Debian package systemd.");
            return;
        }

        var page = File.ReadAllText(Path.Combine(ProjectPrograms.Root, "docs", "operations.md"));
        var start = page.IndexOf("```ini\n", StringComparison.Ordinal) + "```ini\n".Length;
        var unit = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
        Assert.Contains("WatchdogSec=", unit, StringComparison.Ordinal);
        var file = _folder.Write("wecan-relay.service", unit.Replace("/usr/bin/wecan-relay", "/bin/true", StringComparison.Ordinal));

        var exitCode = Run(tool, [], out var said, "verify", "--man=no", file);

        Assert.DoesNotContain("wecan-relay.service", said, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static int Run(string program, Dictionary<string, string> variables, out string said, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
