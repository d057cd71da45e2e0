using System.Globalization;
using WeCan.Contracts;
using WeCan.Lab.Run;

namespace WeCan.Lab.View;

/// <summary>What a finished run comes to, in a few lines.</summary>
internal static class Summary
{
    public static IEnumerable<string> Lines(LabSnapshot end)
    {
        yield return Signal(end);
        yield return Latency(end, ServiceClass.Signal);
        yield return Realtime(end);
        yield return Latency(end, ServiceClass.Realtime);
        yield return Links(end);
        yield return Say($"          loops at most {end.Nodes.Values.Max(node => node.LoopLagMilliseconds):0.0} ms late");
    }

    private static string Signal(LabSnapshot end)
    {
        var (sources, sinks) = Ends(end, ServiceClass.Signal);
        var sent = sources.Sum(source => source?.Sent ?? 0);
        var unconfirmed = sent - sources.Sum(source => source?.Confirmed ?? 0);
        return Say($"Signal    {sent:#,0} messages, {sources.Sum(source => source?.Bytes ?? 0) / 1e6:0.0} MB: {NoOr(sent - sinks.Sum(sink => sink.Received))} lost, ")
            + $"{NoOr(sinks.Sum(sink => sink.Repeated))} repeated, {NoOr(sinks.Sum(sink => sink.Reordered))} out of order, {NoOr(unconfirmed)} unconfirmed";
    }

    private static string Realtime(LabSnapshot end)
    {
        var (sources, sinks) = Ends(end, ServiceClass.Realtime);
        var sent = sources.Sum(source => source?.Sent ?? 0);
        var missed = sent - sinks.Sum(sink => sink.Received);
        return Say($"Realtime  {sent:#,0} packets: {NoOr(missed)} missed ({(sent == 0 ? 0 : missed * 100.0 / sent):0.00} %), {NoOr(sinks.Sum(sink => sink.Repeated))} repeated; ")
            + Say($"deadline {LabLimits.RealtimeDeadline.Milliseconds:0} ms");
    }

    private static string Links(LabSnapshot end)
    {
        var paths = LabPlan.Paths.Select(path => end.Path(path.From, path.To)).ToArray();
        var sent = paths.Sum(path => path.Sent);
        var resent = LabPlan.Paths.Sum(path => end.Link(path.From, path.To)?.SymbolsResent ?? 0);
        var share = sent == 0 ? 0 : paths.Sum(path => path.Lost) * 100.0 / sent;
        return Say($"Links     {sent:#,0} datagrams, {share:0.00} % of them lost on purpose; {resent:#,0} packets resent; went down: {NoOr(end.Nodes.Values.Sum(node => node.LinksLost))}");
    }

    private static (Messages.SourceReport?[] Sources, Messages.SinkReport[] Sinks) Ends(LabSnapshot end, ServiceClass serviceClass)
    {
        var flows = LabPlan.Flows.Where(flow => flow.Class == serviceClass).ToArray();
        return ([.. flows.Select(flow => end.Source(serviceClass, flow.From))], [.. flows.Select(flow => end.Sink(serviceClass, flow.To))]);
    }

    /// <summary>The worse of both ways.</summary>
    private static string Latency(LabSnapshot end, ServiceClass serviceClass)
    {
        var sinks = Ends(end, serviceClass).Sinks;
        return Say($"          one way p50 {sinks.Max(sink => sink.MedianMilliseconds):0.0}, p99 {sinks.Max(sink => sink.P99Milliseconds):0.0}, max {sinks.Max(sink => sink.MaxMilliseconds):0.0} ms");
    }

    private static string NoOr(long count) => count == 0 ? "none" : count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
