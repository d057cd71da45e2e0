using System.Collections.Concurrent;
using System.Globalization;
using WeCan.Bench.Forward;
using WeCan.Contracts;

namespace WeCan.Bench.Flood;

/// <summary>
/// What a flood of forged packets on a relay's port does to a Realtime flow through it, over real sockets of the loopback.
/// Forger, relay and the flow's two ends are three processes that share this machine.
/// </summary>
internal sealed record FloodMeasurement
{
    /// <summary>Forged packets a second that left.</summary>
    public required double Forged { get; init; }

    /// <summary>Bytes that came back to the forger.</summary>
    public required long ReplyBytes { get; init; }

    /// <summary>Messages of the flow.</summary>
    public required long Sent { get; init; }

    /// <summary>Those that did not arrive in time.</summary>
    public required long Missed { get; init; }

    /// <summary>Of what came to the relay's port, forged or not, the share that its socket had no room for.</summary>
    public required double Overflowed { get; init; }

    /// <summary>Datagrams that the relay took from its socket at a time.</summary>
    public required double PerReceive { get; init; }

    /// <summary>The relay's share of one processor.</summary>
    public required double ProcessorPercent { get; init; }

    public double MissedPercent => 100.0 * Missed / Math.Max(1, Sent);

    public static FloodMeasurement Measure(ForgedKind kind, int rate, int seconds)
    {
        var recorded = new ConcurrentQueue<byte[]>();
        using var pair = new RelayedPair(FloodLimits.FlowBytes, FloodLimits.Deadline, egress => new RecordingEgress(egress, recorded));
        var (relay, source, sink) = (pair.Relay, pair.Source, pair.Sink);

        // The flow alone first: what it misses without a flood is none of the flood's.
        source.Start(sink.Id, FloodLimits.FlowRate);
        Thread.Sleep(ForwardLimits.WarmUp);
        using var forger = StartForger(pair.Address, kind, rate, recorded);
        var (sent, received, report, processor) = (source.Sent, sink.Received, RelayReport.Of(relay), relay.ProcessorSeconds);
        forger.Ask("go");
        for (var end = Environment.TickCount64 + (seconds * 1_000L); Environment.TickCount64 < end; Thread.Sleep(FloodLimits.ReplayTick))
            Feed(forger, recorded, most: 8);
        var words = forger.Finish().Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        processor = relay.ProcessorSeconds - processor;
        source.Halt();
        Thread.Sleep(FloodLimits.Settle);
        sent = source.Sent - sent;
        var after = RelayReport.Of(relay);
        var came = after.DatagramsReceived - report.DatagramsReceived;
        return new()
        {
            Forged = words[0] / (words[1] / 1e3),
            ReplyBytes = words[2],
            Sent = sent,
            Missed = Math.Max(0, sent - (sink.Received - received)),
            Overflowed = Math.Max(0, 1 - (came / words[0])),
            PerReceive = came / Math.Max(1, after.ReceiveCalls - report.ReceiveCalls),
            ProcessorPercent = 100 * processor / (words[1] / 1e3),
        };
    }

    private static ChildProcess StartForger(NetAddress relay, ForgedKind kind, int rate, ConcurrentQueue<byte[]> recorded)
    {
        var forger = ChildProcess.OfThisProgram(ForgerProgram.Argument, $"{relay.Port}", string.Create(CultureInfo.InvariantCulture, $"{rate}"), $"{kind}");
        Feed(forger, recorded, most: FloodLimits.Recorded);
        return forger;
    }

    private static void Feed(ChildProcess forger, ConcurrentQueue<byte[]> recorded, int most)
    {
        for (var i = 0; i < most && recorded.TryDequeue(out var datagram); i++)
            forger.Tell(Convert.ToHexString(datagram));

        // The next ones are to be fresh.
        recorded.Clear();
    }
}
