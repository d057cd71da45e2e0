using System.Globalization;
using WeCan.Contracts;
using WeCan.Lab.Reports;

namespace WeCan.Lab.View;

/// <summary>What a finished run comes to, in a few lines.</summary>
internal static class Summary
{
    public static IEnumerable<string> Lines(LabSnapshot end)
    {
        var signal = end.Flows.Where(flow => flow.Class == ServiceClass.Signal).ToList();
        var realtime = end.Flows.Where(flow => flow.Class == ServiceClass.Realtime).ToList();
        yield return Say($"Signal    {signal.Sum(flow => flow.Sent):#,0} messages, {signal.Sum(flow => flow.Bytes) / 1e6:0.0} MB by TCP: {NoOr(signal.Sum(flow => flow.Sent - flow.Received))} lost, ")
            + $"{NoOr(signal.Sum(flow => flow.Repeated))} repeated, {NoOr(signal.Sum(flow => flow.Reordered))} out of order";
        yield return Latency(signal);
        var sent = realtime.Sum(flow => flow.Sent);
        var missed = realtime.Sum(flow => flow.Missed);
        yield return Say($"Realtime  {sent:#,0} packets by UDP: {NoOr(missed)} missed ({(sent == 0 ? 0 : missed * 100.0 / sent):0.00} %), {NoOr(realtime.Sum(flow => flow.Repeated))} repeated; ")
            + Say($"deadline {LabLimits.RealtimeDeadline.Milliseconds:0} ms");
        yield return Latency(realtime);
        yield return Say($"Nodes     {end.Nodes.Sum(node => node.Forwarded):#,0} packets forwarded; on all hops {end.Nodes.Sum(node => node.Lost):#,0} lost and {end.Nodes.Sum(node => node.Repaired):#,0} repairs sent");
    }

    /// <summary>The worst of all ways.</summary>
    private static string Latency(List<FlowReport> flows) =>
        Say($"          one way p50 {flows.Max(flow => flow.MedianMilliseconds):0.0}, p99 {flows.Max(flow => flow.P99Milliseconds):0.0}, max {flows.Max(flow => flow.MaxMilliseconds):0.0} ms on the slowest way");

    private static string NoOr(long count) => count == 0 ? "none" : count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
