using System.Globalization;
using WeCan.Contracts;
using WeCan.Lab.Options;
using WeCan.Lab.Run;

namespace WeCan.Lab.View;

/// <summary>A line a second, for output that is no terminal.</summary>
internal sealed class LineWatcher(LabOptions options) : IRunWatcher
{
    private int _lastSecond = -1;

    public TimeSpan Interval => TimeSpan.FromSeconds(1);

    public void OnStarting(IReadOnlyList<string> notices)
    {
        Console.WriteLine($"WeCan lab: a – r – b, a process each, for {options.Seconds} s.");
        foreach (var notice in notices.Distinct(StringComparer.Ordinal))
            Console.WriteLine(notice);
    }

    public void OnProgress(LabSnapshot snapshot)
    {
        if ((int)snapshot.Seconds == _lastSecond || snapshot.Seconds > options.Seconds)
            return;
        _lastSecond = (int)snapshot.Seconds;
        Console.WriteLine($"{_lastSecond,3} s  {Describe(snapshot, ServiceClass.Signal)}   {Describe(snapshot, ServiceClass.Realtime)}");
    }

    private static string Describe(LabSnapshot snapshot, ServiceClass serviceClass)
    {
        var flows = LabPlan.Flows.Where(flow => flow.Class == serviceClass).ToArray();
        var sinks = flows.Select(flow => snapshot.Sink(serviceClass, flow.To)).ToArray();
        var sent = flows.Sum(flow => snapshot.Source(serviceClass, flow.From)?.Sent ?? 0);
        return string.Create(CultureInfo.InvariantCulture,
            $"{serviceClass} {sent:#,0} sent, {sinks.Sum(sink => sink.Received):#,0} delivered, {sinks.Sum(sink => sink.Gaps):#,0} missing, p99 {sinks.Max(sink => sink.P99Milliseconds):0.0} ms");
    }
}
