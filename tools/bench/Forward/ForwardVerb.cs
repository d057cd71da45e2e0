using System.Globalization;
using System.Text.Json;
using WeCan.Hosting.Daemon;
using WeCan.Programs;

namespace WeCan.Bench.Forward;

/// <summary>bench forward: what a relay carries over real sockets, as ratios to programs in C, and the delay that it adds.</summary>
internal static class ForwardVerb
{
    private static readonly int[] Sizes = [200, 1200];

    public static int Run(string[] options)
    {
        var (sizes, isJson) = (Sizes, false);
        for (var i = 0; i < options.Length; i++)
        {
            var isRead = options[i] switch
            {
                "--json" => isJson = true,
                "--idle" => (sizes = []) is [],
                "--size" => ++i < options.Length && TryReadSize(options[i], out sizes),
                _ => false,
            };
            if (!isRead)
                return Usage.Refuse($"forward cannot read {string.Join(' ', options)}: it takes --json, and to measure less --size with {ForwardLimits.LeastSize} to {ForwardLimits.MostSize} bytes, or --idle.");
        }

        if (!OperatingSystem.IsLinux())
            return Usage.Refuse("forward measures the relay's sockets on Linux: run it there.");
        try
        {
            using var programs = new BaselinePrograms();
            var cases = sizes.Select(size => ForwardMeasurement.Measure(programs, size)).ToArray();
            var idle = sizes == Sizes || sizes is [] ? IdleMeasurement.Measure(ForwardLimits.IdleLinks) : null;
            if (isJson)
                PrintJson(cases, idle);
            else
                PrintTable(cases, idle);
            return 0;
        }
        catch (Exception failure) when (failure is ForwardException or ProgramException or DaemonException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }

    private static bool TryReadSize(string text, out int[] sizes)
    {
        var isRead = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= ForwardLimits.LeastSize and <= ForwardLimits.MostSize;
        sizes = [size];
        return isRead;
    }

    private static void PrintTable(ForwardMeasurement[] cases, IdleMeasurement? idle)
    {
        Console.WriteLine($"{"bytes",6} {"packets/s",12} {"to mmsg",8} {"to gso+gcm",10} {"added p50 us",12} {"p99 us",8} {"at packets/s",12} {"alloc B",8} {"per recv",8} {"per send",8}");
        foreach (var one in cases)
        {
            Console.WriteLine(
                $"{one.Size,6} {one.PacketsPerSecond,12:N0} {one.RatioToPlain,8:0.00} {one.RatioToJoined,10:0.00} {one.AddedMedian,12:0} {one.AddedHigh,8:0} {one.Load,12:N0} "
                + $"{one.AllocatedPerPacket,8:0.###} {one.DatagramsPerReceive,8:0.0} {one.DatagramsPerSend,8:0.0}");
        }

        if (idle is not null)
            Console.WriteLine($"idle with {idle.Links} links: {idle.ProcessorPercent:0.0} % of a processor, {idle.TurnsPerSecond:0} turns a second, {idle.Mebibytes:0} MiB");
    }

    private static void PrintJson(ForwardMeasurement[] cases, IdleMeasurement? idle) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            cases = cases.Select(one => new
            {
                size = one.Size,
                packets_per_s = Math.Round(one.PacketsPerSecond),
                ratio_to_c_mmsg = Math.Round(one.RatioToPlain, 3),
                ratio_to_c_gso_gcm = Math.Round(one.RatioToJoined, 3),
                added_p50_us = Math.Round(one.AddedMedian, 1),
                added_p99_us = Math.Round(one.AddedHigh, 1),
                allocated_per_packet = Math.Round(one.AllocatedPerPacket, 3),
                load_packets_per_s = Math.Round(one.Load),
                datagrams_per_receive = Math.Round(one.DatagramsPerReceive, 1),
                datagrams_per_send = Math.Round(one.DatagramsPerSend, 1),
            }),
            idle = idle is null ? null : new
            {
                links = idle.Links,
                cpu_percent = Math.Round(idle.ProcessorPercent, 2),
                turns_per_s = Math.Round(idle.TurnsPerSecond, 1),
                mib = Math.Round(idle.Mebibytes, 1),
            },
        }));
}
