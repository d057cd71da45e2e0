using System.Globalization;
using System.Text.Json;

namespace WeCan.Bench.Tunnel;

/// <summary>One case: what programs get that know nothing of the network. What a case does not measure is null.</summary>
internal sealed record TunnelMeasurement(string Name)
{
    public double? Mbps { get; init; }

    /// <summary>Lost, or later than 200 ms.</summary>
    public double? MissedPercent { get; init; }

    /// <summary>Bytes of IP from edge to edge for each byte of a plain packet.</summary>
    public double? Wire { get; init; }

    public double? RatioToNebula { get; init; }

    public double? PacketsPerSecond { get; init; }

    public double? NebulaPacketsPerSecond { get; init; }

    /// <summary>iperf3 by TCP, 80 ms, 100 Mbit/s, 5 % loss.</summary>
    public static TunnelMeasurement Stream(string folder)
    {
        using var hosts = Namespaces.Bad(folder);
        using var overlay = new TunnelOverlay(hosts, folder, "c", "10.77.0.3", "10.77.0.1", "10.77.0.2", new TunnelSpec("tcp", TunnelLimits.PerfPort));
        using var server = Command.Start(hosts.On("b", "iperf3", "-s", "-B", "127.0.0.1", "--forceflush"));
        server.Await("Server listening");
        Thread.Sleep(TunnelLimits.Settle);
        var report = Perf(hosts, "127.0.0.1");
        return new("tcp_5") { Mbps = Received(report).GetProperty("bits_per_second").GetDouble() / 1e6 };
    }

    /// <summary>rtprobe by UDP over the same way.</summary>
    public static TunnelMeasurement Datagrams(string folder)
    {
        var probe = Path.Combine(folder, "rtprobe");
        Command.Run("cc", "-O2", "-o", probe, Path.Combine(AppContext.BaseDirectory, "wan", "rtprobe.c"), "-lm");
        using var hosts = Namespaces.Bad(folder);
        string received;
        using (new TunnelOverlay(hosts, folder, "c", "10.77.0.3", "10.77.0.1", "10.77.0.2", new TunnelSpec("udp", TunnelLimits.ProbePort)))
        {
            var duration = Text(TunnelLimits.Seconds + 5);
            using var receiver = Command.Start(hosts.On("b", probe, "recv", Text(TunnelLimits.ProbePort), "--for", Text(TunnelLimits.Seconds + 7), "--deadline", "200"));
            Command.Run(hosts.On("a", probe, "send", "127.0.0.1", Text(TunnelLimits.ProbePort), "--pps", Text(TunnelLimits.PacketsPerSecond), "--size", Text(TunnelLimits.PacketBytes), "--for", duration));
            received = receiver.Finish(TimeSpan.FromSeconds(TunnelLimits.Seconds));
        }

        using var figures = JsonDocument.Parse(received);
        var expected = figures.RootElement.GetProperty("expected").GetDouble();
        var bytes = hosts.Finish("a", "b");
        return new("udp_5")
        {
            MissedPercent = figures.RootElement.GetProperty("missed_percent").GetDouble(),
            Wire = bytes / (expected * (TunnelLimits.PacketBytes + TunnelLimits.Headers)),
        };
    }

    /// <summary>A flood of UDP over a cable, ours and nebula's by turns.</summary>
    public static TunnelMeasurement Clean(string folder)
    {
        var ours = new List<double>();
        var theirs = new List<double>();
        for (var round = 0; round < TunnelLimits.Rounds; round++)
        {
            using (var hosts = Namespaces.Clean())
            {
                using var overlay = new TunnelOverlay(hosts, folder, "a", "10.78.0.1", "10.78.0.1", "10.78.0.2", new TunnelSpec("tcp", TunnelLimits.PerfPort), new TunnelSpec("udp", TunnelLimits.PerfPort));
                ours.Add(Flood(hosts, "127.0.0.1"));
            }

            using (var hosts = Namespaces.Clean())
            {
                using var nebula = new NebulaPair(hosts, folder);
                theirs.Add(Flood(hosts, NebulaPair.FarAddress));
            }
        }

        var ratios = ours.Zip(theirs, (our, their) => our / their).ToList();
        return new("clean_udp")
        {
            Mbps = Median(ours) * TunnelLimits.PacketBytes * 8 / 1e6,
            PacketsPerSecond = Median(ours),
            NebulaPacketsPerSecond = Median(theirs),
            RatioToNebula = Median(ratios),
        };
    }

    /// <summary>
    /// Packets a second that arrived at a program whose buffer holds what comes while others have the processor: the usual one, of some
    /// 90 packets, would measure the kernel's scheduler.
    /// </summary>
    private static double Flood(Namespaces hosts, string address)
    {
        using var server = Command.Start(hosts.On("b", "iperf3", "-s", "--forceflush"));
        server.Await("Server listening");
        Thread.Sleep(TunnelLimits.Settle);
        var sum = Received(Perf(hosts, address, "-u", "-b", "0", "-w", TunnelLimits.PerfBuffer, "-l", Text(TunnelLimits.PacketBytes)));
        return (sum.GetProperty("packets").GetDouble() - sum.GetProperty("lost_packets").GetDouble()) / sum.GetProperty("seconds").GetDouble();
    }

    private static JsonElement Perf(Namespaces hosts, string address, params string[] options)
    {
        var said = Command.Run(hosts.On("a", ["iperf3", "-c", address, "-t", Text(TunnelLimits.Seconds), "-J", .. options]));
        using var report = JsonDocument.Parse(said);
        return report.RootElement.Clone();
    }

    private static JsonElement Received(JsonElement report) =>
        report.GetProperty("end") is var end && end.TryGetProperty("sum_received", out var received) ? received : end.GetProperty("sum");

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
