using WeCan.Bench.Shipped;

namespace WeCan.Bench.Forward;

/// <summary>What the relay that ships costs while it only keeps its links, scraped once a second: its share of a processor, how often its loop goes round, and its memory.</summary>
internal sealed record IdleMeasurement(int Links, double ProcessorPercent, double TurnsPerSecond, double Mebibytes)
{
    public static IdleMeasurement Measure(int links)
    {
        using var network = new ShippedNetwork();
        var relay = network.StartRelay();
        var ends = new List<ForwardEnd>();
        try
        {
            for (var i = 0; i < links; i++)
                ends.Add(ForwardEnd.Enrol(network, size: 1));
            ForwardEnd.AwaitLinks([.. ends]);

            Thread.Sleep(ForwardLimits.IdleSettling);
            relay.AwaitWarm();
            var (before, seconds) = (RelayReport.Of(relay), relay.ProcessorSeconds);
            Thread.Sleep(ForwardLimits.IdleWindow);
            var (after, window) = (RelayReport.Of(relay), ForwardLimits.IdleWindow.TotalSeconds);
            return new(links, (relay.ProcessorSeconds - seconds) / window * 100, (after.Turns - before.Turns) / window, relay.ResidentMebibytes);
        }
        finally
        {
            foreach (var end in ends)
                end.Dispose();
        }
    }
}
