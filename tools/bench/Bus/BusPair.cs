using System.Globalization;
using WeCan.Bench.Forward;

namespace WeCan.Bench.Bus;

/// <summary>Two clients of one server, each a process, and what they do between them.</summary>
internal sealed class BusPair : IDisposable
{
    private const string Subject = "bench.subject";
    private const string Reply = "bench.reply";

    private readonly ChildProcess _publisher;
    private readonly ChildProcess _subscriber;
    private readonly Func<double> _processorSeconds;
    private readonly BusJob _job;

    public BusPair(BusEdge edge, BusJob job)
        : this(job, () => edge.Daemon.ProcessorSeconds, ["wecan", edge.Address, edge.Token("publisher")], ["wecan", edge.Address, edge.Token("subscriber")])
    {
    }

    public BusPair(NatsServer server, BusJob job)
        : this(job, () => server.ProcessorSeconds, NatsWords(server), NatsWords(server))
    {
    }

    private BusPair(BusJob job, Func<double> processorSeconds, string[] publisher, string[] subscriber)
    {
        (_job, _processorSeconds) = (job, processorSeconds);
        _publisher = ChildProcess.OfThisProgram([BusEndProgram.Argument, .. publisher]);
        _subscriber = ChildProcess.OfThisProgram([BusEndProgram.Argument, .. subscriber]);
        _subscriber.Ask(job.Kind == BusJobKind.Request ? $"echo {Subject} {Reply}" : $"count {Subject}");
        if (job.Kind == BusJobKind.Request)
            _publisher.Ask($"hear {Reply}");
    }

    /// <summary>Works for a while without being looked at.</summary>
    public void WarmUp()
    {
        _publisher.Ask(_job.Order(Subject));
        Thread.Sleep(BusLimits.WarmUp);
        _publisher.Ask("halt");
    }

    /// <summary>Works for a while, and says how well.</summary>
    public BusFigures Measure()
    {
        var counting = _job.Kind == BusJobKind.Request ? _publisher : _subscriber;
        _publisher.Ask(_job.Order(Subject));
        Thread.Sleep(BusLimits.Settle);
        counting.Ask("delays");
        var (before, missingBefore) = Look(counting);
        var (start, server, clients) = (System.Diagnostics.Stopwatch.GetTimestamp(), _processorSeconds(), ClientSeconds);
        Thread.Sleep(BusLimits.Window);
        var (after, missing) = Look(counting);
        var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        (server, clients) = (_processorSeconds() - server, ClientSeconds - clients);
        var delays = counting.Ask("delays").Split(' ');
        _publisher.Ask("halt");
        if (after == before)
            throw new BusBenchException("No message came: this machine may be overloaded.");
        if (missing != missingBefore)
            throw new BusBenchException($"{missing - missingBefore} messages of {after - before} did not come, or not in order.");
        var perMessage = 1e6 / (after - before);
        return new((after - before) / seconds, Number(delays[0]), Number(delays[1]), server * perMessage, clients * perMessage);
    }

    public void Dispose()
    {
        _publisher.Dispose();
        _subscriber.Dispose();
    }

    private double ClientSeconds => _publisher.ProcessorSeconds + _subscriber.ProcessorSeconds;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string[] NatsWords(NatsServer server) => ["nats", server.Port.ToString(CultureInfo.InvariantCulture), server.IsSealed ? "tls" : "clear"];

    private static (long Total, long Missing) Look(ChildProcess end)
    {
        var words = end.Ask("look").Split(' ');
        return (long.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
