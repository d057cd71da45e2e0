using System.Globalization;
using WeCan.Contracts;
using WeCan.Lab.Options;
using WeCan.Lab.Reports;
using WeCan.Lab.Run;

namespace WeCan.Lab.View;

/// <summary>A line a second, for output that is no terminal.</summary>
internal sealed class LineWatcher(LabOptions options) : IRunWatcher
{
    private int _lastSecond = -1;
    private int _events;

    public TimeSpan Interval => TimeSpan.FromSeconds(1);

    public void OnStarting(string what)
    {
        if (_lastSecond == -1)
            Console.WriteLine($"WeCan lab: a controller, {options.Plan.Relays.Count} relays and {options.Plan.Edges.Count} edges, a process each, for {options.Seconds} s.\nIMPAIRED ON PURPOSE  {options.Impairment}");
        _lastSecond = -2;
        Console.WriteLine($"  {what}");
    }

    public void OnProgress(LabSnapshot snapshot)
    {
        foreach (var happened in snapshot.Events.Skip(_events))
            Console.WriteLine(happened);
        _events = snapshot.Events.Count;
        if ((int)snapshot.Seconds == _lastSecond || snapshot.Seconds > options.Seconds)
            return;
        _lastSecond = (int)snapshot.Seconds;
        Console.WriteLine($"{_lastSecond,3} s  {Describe(snapshot, ServiceClass.Signal)}   {Describe(snapshot, ServiceClass.Realtime)}");
    }

    private static string Describe(LabSnapshot snapshot, ServiceClass serviceClass)
    {
        var flows = snapshot.Flows.Where(flow => flow.Class == serviceClass).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{serviceClass} {flows.Sum(flow => flow.Sent):#,0} sent, {flows.Sum(flow => flow.Received):#,0} delivered, p99 {flows.Max(flow => flow.P99Milliseconds):0.0} ms");
    }
}
