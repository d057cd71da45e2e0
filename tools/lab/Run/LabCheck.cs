using System.Globalization;
using WeCan.Contracts;
using WeCan.Lab.Reports;
using WeCan.Lab.Wan;

namespace WeCan.Lab.Run;

/// <summary>Holds a finished run to what the network promises, and the bad network to what it was told to be: one that lost nothing proves nothing.</summary>
internal static class LabCheck
{
    /// <summary>A sentence for every broken point; none when all held.</summary>
    public static IReadOnlyList<string> Broken(LabSnapshot end, LabPlan plan, Scenario scenario, double lateSeconds = 0)
    {
        var broken = new List<string>();
        foreach (var flow in end.Flows)
        {
            if (flow.Class == ServiceClass.Signal)
                CheckSignal(flow, broken);
            else
                CheckRealtime(flow, Excuse(end, lateSeconds) is not null, broken);
        }

        // A relay that the scenario cuts off for good is missed by nobody; without changes all must stand.
        if (scenario.Changes.IsEmpty)
            broken.AddRange(end.Nodes.Where(node => !node.IsConnected).Select(node => $"{node.Name} has no session with the controller."));
        var isLossy = plan.Nodes.Any(from => plan.Nodes.Any(to => from != to && scenario.Path(scenario.IndexOf(from), scenario.IndexOf(to)).Loss > 0));
        if (isLossy && end.Nodes.Sum(node => node.Lost) == 0)
            broken.Add("No node lost a packet, though the scenario has links that lose some: the lab's own network is wrong.");
        return broken;
    }

    /// <summary>Why the deadlines of a run prove nothing, on a machine that let its loops wait; null where they do.</summary>
    public static string? Excuse(LabSnapshot end, double lateSeconds) => lateSeconds <= end.Seconds * LabLimits.LateShare
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"This machine is too busy: its loops waited {lateSeconds:0.00} s of {end.Seconds:0} s. What Realtime missed was not judged.");

    private static void CheckSignal(FlowReport flow, List<string> broken)
    {
        var name = $"Signal {flow.From} → {flow.To}";
        if (flow.Sent == 0)
        {
            broken.Add($"{name} sent nothing, so nothing is proven.");
            return;
        }

        Add(flow.Sent - flow.Received, $"of {flow.Sent.ToString("#,0", CultureInfo.InvariantCulture)} messages did not arrive");
        Add(flow.Repeated, "messages arrived twice");
        Add(flow.Reordered, "messages arrived out of order");
        Add(flow.Damaged, "messages arrived damaged");
        if (flow.Trouble is not null)
            broken.Add($"{name}: the connection broke: {flow.Trouble}");

        void Add(long count, string what)
        {
            if (count > 0)
                broken.Add($"{name}: {count.ToString("#,0", CultureInfo.InvariantCulture)} {what}.");
        }
    }

    private static void CheckRealtime(FlowReport flow, bool isExcused, List<string> broken)
    {
        var name = $"Realtime {flow.From} → {flow.To}";
        if (flow.Sent == 0)
        {
            broken.Add($"{name} sent nothing, so nothing is proven.");
            return;
        }

        if (flow.Missed > flow.Sent * LabLimits.MissedShare && (!isExcused || flow.Received == 0))
        {
            broken.Add(string.Create(CultureInfo.InvariantCulture,
                $"{name}: {flow.Missed * 100.0 / flow.Sent:0.##} % of {flow.Sent:#,0} packets were missed, and at most {LabLimits.MissedShare * 100:0.##} % may be."));
        }

        if (flow.Repeated > 0)
            broken.Add($"{name}: {flow.Repeated} packets arrived twice.");
        if (flow.Damaged > 0)
            broken.Add($"{name}: {flow.Damaged} packets arrived damaged.");
    }
}
