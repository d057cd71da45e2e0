using System.Globalization;
using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Lab.Run;

/// <summary>Holds a finished run to what the network promises, and the bad network to what it was told to be: one that lost nothing proves nothing.</summary>
internal static class LabCheck
{
    /// <summary>A sentence for every broken point; none when all held.</summary>
    public static IReadOnlyList<string> Broken(LabSnapshot end, Scenario scenario)
    {
        var broken = new List<string>();
        foreach (var (serviceClass, from, to) in LabPlan.Flows)
        {
            if (serviceClass == ServiceClass.Signal)
                CheckSignal(end, from, to, broken);
            else
                CheckRealtime(end, from, to, broken);
        }

        foreach (var (from, to) in LabPlan.Paths)
            CheckImpairment(end, scenario, from, to, broken);
        return broken;
    }

    /// <summary>Why the deadlines of a run prove nothing, on a machine that let its loops wait; null where they do.</summary>
    public static string? Excuse(LabSnapshot end)
    {
        var late = end.Nodes.Values.Sum(node => node.LateMilliseconds) / 1e3;
        return late <= end.Seconds * LabLimits.LateShare
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"This machine is too busy: its loops waited {late:0.00} s of {end.Seconds:0} s. What Realtime missed was not judged.");
    }

    private static void CheckSignal(LabSnapshot end, string from, string to, List<string> broken)
    {
        var flow = $"Signal {from} → {to}";
        var source = end.Source(ServiceClass.Signal, from);
        var sink = end.Sink(ServiceClass.Signal, to);
        if (source is null || source.Sent == 0)
        {
            broken.Add($"{flow} sent nothing, so nothing is proven.");
            return;
        }

        Add(source.Sent - sink.Received, $"of {source.Sent:#,0} messages did not arrive");
        Add(sink.Repeated, "messages arrived twice");
        Add(sink.Reordered, "messages arrived out of order");
        Add(sink.Damaged, "messages arrived damaged");
        Add(source.Sent - source.Confirmed, $"of {source.Sent:#,0} messages were not confirmed");
        if (source.IsBroken)
            broken.Add($"{flow}: the flow broke.");

        void Add(long count, string what)
        {
            if (count > 0)
                broken.Add($"{flow}: {count:#,0} {what}.");
        }
    }

    private static void CheckRealtime(LabSnapshot end, string from, string to, List<string> broken)
    {
        var flow = $"Realtime {from} → {to}";
        var source = end.Source(ServiceClass.Realtime, from);
        var sink = end.Sink(ServiceClass.Realtime, to);
        if (source is null || source.Sent == 0)
        {
            broken.Add($"{flow} sent nothing, so nothing is proven.");
            return;
        }

        var missed = (source.Sent - sink.Received) / (double)source.Sent;
        if (missed > LabLimits.MissedShare && (Excuse(end) is null || sink.Received == 0))
        {
            broken.Add(string.Create(CultureInfo.InvariantCulture,
                $"{flow}: {missed * 100:0.##} % of {source.Sent:#,0} packets were missed, and at most {LabLimits.MissedShare * 100:0.##} % may be."));
        }

        if (sink.Repeated > 0)
            broken.Add($"{flow}: {sink.Repeated:#,0} packets arrived twice.");
        if (sink.Damaged > 0)
            broken.Add($"{flow}: {sink.Damaged:#,0} packets arrived damaged.");
    }

    /// <summary>A path that the scenario changes on the way has no one loss to be held to.</summary>
    private static void CheckImpairment(LabSnapshot end, Scenario scenario, string from, string to, List<string> broken)
    {
        var settings = scenario.Path(scenario.IndexOf(from), scenario.IndexOf(to));
        var path = end.Path(from, to);
        if (!scenario.Changes.IsEmpty || settings.Down)
            return;
        if (path.Sent == 0)
        {
            broken.Add($"Nothing was sent from {from} to {to}, so its loss is not proven.");
            return;
        }

        // Losses in bursts of B vary as independent ones would among 2B times fewer packets.
        var independent = path.Sent / Math.Max(1, 2 * settings.Burst);
        var allowed = LabLimits.LossDeviations * Math.Sqrt(settings.Loss * (1 - settings.Loss) / independent);
        var measured = path.Lost / (double)path.Sent;
        if (Math.Abs(measured - settings.Loss) > allowed)
        {
            broken.Add(string.Create(CultureInfo.InvariantCulture,
                $"The link {from} → {to} lost {measured * 100:0.##} % of {path.Sent:#,0} datagrams where {settings.Loss * 100:0.##} % was set: the lab's own network is wrong."));
        }
    }
}
