namespace WeCan.Bench.Forward;

/// <summary>What a relay costs that only keeps its links: its share of a processor, how often its loop goes round, and its memory.</summary>
internal sealed record IdleMeasurement(int Links, double ProcessorPercent, double TurnsPerSecond, double Mebibytes)
{
    private const ushort FirstEnd = 10;

    public static IdleMeasurement Measure(int links)
    {
        using var relay = new RelayProcess();
        var ends = Enumerable.Range(FirstEnd, links).Select(id => new ForwardEnd((ushort)id, size: 1)).ToArray();
        try
        {
            foreach (var end in ends)
                relay.AddPeer(end.Id, end.Key);
            foreach (var end in ends)
                end.Join(relay.Id, relay.Key, relay.Address, relay.Id);
            if (!Task.WaitAll([.. ends.Select(end => end.LinkUp.Task)], ForwardLimits.AnswerBound))
                throw new ForwardException("The links of an idle relay do not come up: this machine may be overloaded.");

            // Links settle: after their handshakes they measure the path for a while.
            Thread.Sleep(ForwardLimits.IdleWindow);
            var (before, seconds) = (relay.Report(), relay.ProcessorSeconds);
            Thread.Sleep(ForwardLimits.IdleWindow);
            var (after, window) = (relay.Report(), ForwardLimits.IdleWindow.TotalSeconds);
            return new(links, (relay.ProcessorSeconds - seconds) / window * 100, (after.Turns - before.Turns) / window, relay.ResidentMebibytes);
        }
        finally
        {
            foreach (var end in ends)
                end.Dispose();
        }
    }
}
