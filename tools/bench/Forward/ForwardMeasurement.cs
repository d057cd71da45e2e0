using WeCan.Bench.Shipped;
using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Bench.Forward;

/// <summary>
/// The relay that ships, with its defaults and its metrics scraped, between two nodes over real sockets of the loopback, sealed on both sides: what it carries for each
/// second of its own processor time, held against what the programs in C carry for theirs, turn by turn; the delay that it adds at half
/// the rate that all three processes together reached, with the relay or with the program in C, whichever is less; and what it allocates.
/// </summary>
internal sealed record ForwardMeasurement(
    int Size, double PacketsPerSecond, double RatioToPlain, double RatioToJoined, double AddedMedian, double AddedHigh, double AllocatedPerPacket)
{
    /// <summary>Packets a second at which delays were measured.</summary>
    public required double Load { get; init; }

    /// <summary>How many datagrams the relay took and gave at a time.</summary>
    public required double DatagramsPerReceive { get; init; }

    public required double DatagramsPerSend { get; init; }

    private static readonly NodeId Source = new(1);
    private static readonly NodeId Sink = new(3);

    public static ForwardMeasurement Measure(BaselinePrograms programs, int size)
    {
        using var pair = new RelayedPair(size);
        var (relay, source, sink) = (pair.Relay, pair.Source, pair.Sink);
        source.Start(sink.Id, perSecond: 0);
        relay.AwaitWarm();
        source.Halt();

        var rounds = new List<(double Rate, double ToPlain, double ToJoined, double Wall, double Allocated)>();
        var before = RelayReport.Of(relay);
        for (var round = 0; round < ForwardLimits.Rounds; round++)
        {
            var plain = programs.MeasureRate(BaselinePrograms.Plain, size);
            var joined = programs.MeasureRate(BaselinePrograms.Joined, size);
            source.Start(sink.Id, perSecond: 0);
            var (rate, wall, allocated) = MeasureRate(relay, sink);
            source.Halt();
            rounds.Add((rate, rate / plain, rate / joined, wall, allocated));
        }

        var after = RelayReport.Of(relay);
        var (load, median, high) = MeasureAddedDelays(programs, source, sink, size, Median(rounds, round => round.Wall));
        return new(
            size,
            Median(rounds, round => round.Rate),
            Median(rounds, round => round.ToPlain),
            Median(rounds, round => round.ToJoined),
            median,
            high,
            rounds.Min(round => round.Allocated))
        {
            Load = load,
            DatagramsPerReceive = (after.DatagramsReceived - before.DatagramsReceived) / (after.ReceiveCalls - before.ReceiveCalls),
            DatagramsPerSend = (after.DatagramsSent - before.DatagramsSent) / (after.SendCalls - before.SendCalls),
        };
    }

    /// <summary>A packet that allocates does so in every round; a queue that has to grow in a busy moment does so in one.</summary>
    private static (double Rate, double Wall, double Allocated) MeasureRate(MeteredDaemon relay, ForwardEnd sink)
    {
        var allocated = RelayReport.Of(relay).AllocatedBytes;
        var (packets, seconds, start) = (sink.Received, relay.ProcessorSeconds, Environment.TickCount64);
        Thread.Sleep(ForwardLimits.Window);
        packets = sink.Received - packets;
        seconds = relay.ProcessorSeconds - seconds;
        var wall = (Environment.TickCount64 - start) / 1e3;
        if (packets == 0 || seconds <= 0)
            throw new ForwardException("The relay forwarded nothing: this machine may be overloaded.");
        return (packets / seconds, packets / wall, (RelayReport.Of(relay).AllocatedBytes - allocated) / packets);
    }

    /// <summary>
    /// Microseconds that the relay adds to what the same two ends have with one link between them, which the program in C carries
    /// without knowing of it. Both ways take turns, as the machine has its better and worse moments: medians of the differences.
    /// </summary>
    private static (double Load, double Median, double High) MeasureAddedDelays(
        BaselinePrograms programs, ForwardEnd source, ForwardEnd sink, int size, double wall)
    {
        using var plainSource = ForwardEnd.Alone(Source, size);
        using var plainSink = ForwardEnd.Alone(Sink, size);
        using var forwarder = programs.StartForwarder(BaselinePrograms.Plain, plainSource.Port, plainSink.Port);
        if (!NetAddress.TryParse("127.0.0.1:" + forwarder.Ask(), out var address))
            throw new ForwardException("The baseline does not say its port.");
        plainSink.Join(Source, plainSource.Key, NetAddress.None);
        plainSource.Join(Sink, plainSink.Key, address);
        ForwardEnd.AwaitLinks(plainSource, plainSink);

        // A load that only one of the two ways carries would measure the other's queue.
        var load = Math.Min(wall, MeasureWall(plainSource, plainSink)) / 2;
        MeasureDelays(plainSource, plainSink, load);
        var rounds = new List<(double Median, double High)>();
        for (var round = 0; round < ForwardLimits.Rounds; round++)
        {
            var carried = MeasureDelays(source, sink, load);
            var alone = MeasureDelays(plainSource, plainSink, load);
            rounds.Add((Difference(0.5), Difference(0.99)));

            double Difference(double share) => (carried.MillisecondsAt(share) - alone.MillisecondsAt(share)) * 1e3;
        }

        return (load, Median(rounds, round => round.Median), Median(rounds, round => round.High));
    }

    /// <summary>Packets a second, as much as the ends and what is between them carry together.</summary>
    private static double MeasureWall(ForwardEnd source, ForwardEnd sink)
    {
        source.Start(sink.Id, perSecond: 0);
        Thread.Sleep(ForwardLimits.WarmUp);
        var (packets, start) = (sink.Received, Environment.TickCount64);
        Thread.Sleep(ForwardLimits.Window);
        var wall = (sink.Received - packets) / ((Environment.TickCount64 - start) / 1e3);
        source.Halt();
        return wall > 0 ? wall : throw new ForwardException("The baseline forwarded nothing: this machine may be overloaded.");
    }

    private static LatencyHistogram MeasureDelays(ForwardEnd source, ForwardEnd sink, double load)
    {
        source.Start(sink.Id, load);
        Thread.Sleep(ForwardLimits.DelayWindow / 4);
        sink.TakeDelays();
        Thread.Sleep(ForwardLimits.DelayWindow);
        var delays = sink.TakeDelays();
        source.Halt();
        return delays;
    }

    private static double Median<T>(List<T> rounds, Func<T, double> value) => rounds.Select(value).Order().ElementAt(rounds.Count / 2);
}
