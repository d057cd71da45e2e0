using System.Globalization;
using System.Text.Json;
using WeCan.Bench.Forward;
using WeCan.Hosting.Daemon;
using WeCan.Programs;

namespace WeCan.Bench.Flood;

/// <summary>bench flood: what forged packets on a relay's port do to a flow through it.</summary>
internal static class FloodVerb
{
    public static int Run(string[] options)
    {
        var (kind, rate, seconds, isJson) = (ForgedKind.Mixed, FloodLimits.Rate, FloodLimits.Seconds, false);
        for (var i = 0; i < options.Length; i++)
        {
            var isRead = options[i] switch
            {
                "--json" => isJson = true,
                "--kind" => ++i < options.Length && Enum.TryParse(options[i], ignoreCase: true, out kind) && Enum.IsDefined(kind),
                "--rate" => ++i < options.Length && int.TryParse(options[i], NumberStyles.None, CultureInfo.InvariantCulture, out rate) && rate > 0,
                "--seconds" => ++i < options.Length && int.TryParse(options[i], NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds > 0,
                _ => false,
            };
            if (!isRead)
                return Usage.Refuse($"flood cannot read {string.Join(' ', options)}: it takes --json, --rate with packets a second, --seconds, and --kind with mixed, random, link, initiation or replay.");
        }

        if (!OperatingSystem.IsLinux())
            return Usage.Refuse("flood sends by calls of Linux: run it there.");
        try
        {
            Print(FloodMeasurement.Measure(kind, rate, seconds), kind, rate, seconds, isJson);
            return 0;
        }
        catch (Exception failure) when (failure is ForwardException or ProgramException or DaemonException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }

    private static void Print(FloodMeasurement one, ForgedKind kind, int rate, int seconds, bool isJson) =>
        Console.WriteLine(isJson
            ? JsonSerializer.Serialize(new
            {
                kind = kind.ToString().ToLowerInvariant(),
                asked_packets_per_s = rate,
                seconds,
                forged_packets_per_s = Math.Round(one.Forged),
                reply_bytes = one.ReplyBytes,
                sent = one.Sent,
                missed = one.Missed,
                missed_percent = Math.Round(one.MissedPercent, 3),
                overflowed_percent = Math.Round(100 * one.Overflowed, 3),
                datagrams_per_receive = Math.Round(one.PerReceive, 1),
                relay_cpu_percent = Math.Round(one.ProcessorPercent, 1),
            })
            : $"{one.Forged:N0} forged packets a second for {seconds} s: {one.ReplyBytes} bytes of reply; of {one.Sent} messages {one.Missed} missed ({one.MissedPercent:0.000} %); "
                + $"{100 * one.Overflowed:0.00} % found the relay's socket full; the relay took {one.PerReceive:0.0} at a time and used {one.ProcessorPercent:0} % of a processor");
}
