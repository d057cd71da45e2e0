using System.Buffers.Text;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace WeCan.Hosting.Metrics;

/// <summary>What the system knows of this process, under the names that Prometheus' own libraries use. Read at a scrape only.</summary>
internal sealed class ProcessMetrics : IDisposable
{
    public const string MeterName = "WeCan.Process";

    private readonly Meter _meter = new(MeterName);

    public ProcessMetrics(string daemon, string version)
    {
        _meter.CreateObservableGauge("wecan_build_info", () => new Measurement<int>(1, new("daemon", daemon), new("version", version)), null, "What runs: always 1, the labels tell.");
        _meter.CreateObservableCounter("process_cpu_seconds", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Time of the processor that the process used, user and system.");
        var start = OperatingSystem.IsLinux() ? StartByClockTicks() : StartByLibrary();
        _meter.CreateObservableGauge("process_start_time_seconds", () => start, "s", "When the process began, in Unix time.");
        if (!OperatingSystem.IsLinux())
            return;
        _meter.CreateObservableGauge("process_virtual_memory_bytes", () => Memory(0), "By", "Address space in use.");
        _meter.CreateObservableGauge("process_resident_memory_bytes", () => Memory(1), "By", "Memory that is resident.");
        _meter.CreateObservableGauge("process_open_fds", OpenFiles.Count, null, "File descriptors in use.");
        if (MostDescriptors() is { } most)
            _meter.CreateObservableGauge("process_max_fds", () => most, null, "File descriptors that the process may use.");
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>Never within another method, whose compiling would load the library.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static double StartByLibrary()
    {
        using var self = Process.GetCurrentProcess();
        return new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0;
    }

    /// <summary>Linux: without the library for processes, of which a daemon would need nothing else.</summary>
    internal static double StartByClockTicks()
    {
        const double TicksPerSecond = 100;
        const int StartAfterName = 19;
        var status = File.ReadAllText("/proc/self/stat");
        var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        var boot = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0) - uptime;
        return Math.Round(boot + (long.Parse(fields[StartAfterName], CultureInfo.InvariantCulture) / TicksPerSecond), 2);
    }

    // Pages, as "size resident shared text lib data dt".
    private static long Memory(int field)
    {
        using var file = File.OpenHandle("/proc/self/statm");
        Span<byte> text = stackalloc byte[256];
        var rest = text[..RandomAccess.Read(file, text, 0)];
        for (; field > 0; field--)
            rest = rest[(rest.IndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(rest, out long pages, out _) ? pages * Environment.SystemPageSize : 0;
    }

    private static long? MostDescriptors()
    {
        foreach (var line in File.ReadLines("/proc/self/limits"))
        {
            if (line.StartsWith("Max open files", StringComparison.Ordinal) && long.TryParse(line.AsSpan(26, 20).Trim(), out var most))
                return most;
        }

        return null;
    }
}
