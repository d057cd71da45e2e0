using WeCan.Contracts;
using WeCan.Lab.Messages;
using WeCan.Lab.Run;
using WeCan.Lab.Wan;

namespace WeCan.Lab.Tests.Run;

/// <summary>A check that cannot fail proves nothing: each point is broken alone, and found.</summary>
public sealed class LabCheckTests
{
    private static readonly Scenario Network = Scenario.Parse("""
        host a 10.0.0.1
        host r 10.0.0.2
        host b 10.0.0.3
        link a r loss 5
        link r b loss 5
        """);

    private static readonly SourceReport Sent = new(ServiceClass.Signal, "", 1_000, 9, 1_000, 0, IsBroken: false);
    private static readonly SinkReport Got = new(ServiceClass.Signal, "", 1_000, 0, 0, 0, 0, 1, 2, 3);

    [Fact]
    public void AGoodRunHasNothingBroken() => Assert.Empty(LabCheck.Broken(Run(Sent, Got), Network));

    [Fact]
    public void EveryBrokenPromiseOfSignalIsASentence()
    {
        AssertBroken("did not arrive", Sent, Got with { Received = 999 });
        AssertBroken("arrived twice", Sent, Got with { Repeated = 1 });
        AssertBroken("out of order", Sent, Got with { Reordered = 1 });
        AssertBroken("damaged", Sent, Got with { Damaged = 1 });
        AssertBroken("not confirmed", Sent with { Confirmed = 999 }, Got);
        AssertBroken("flow broke", Sent with { IsBroken = true }, Got);
        AssertBroken("sent nothing", Sent with { Sent = 0, Confirmed = 0 }, Got with { Received = 0 });
    }

    [Theory]
    [InlineData(990, false)]
    [InlineData(989, true)]
    public void RealtimeMayMissOneInAHundred(long received, bool isBroken) =>
        Assert.Equal(isBroken, LabCheck.Broken(Run(Sent, Got, realtimeReceived: received), Network).Any(sentence => sentence.Contains("1.1 % of", StringComparison.Ordinal)));

    [Theory]
    [InlineData(500, false)]
    [InlineData(580, false)]
    [InlineData(400, false)]
    [InlineData(0, true)]
    [InlineData(380, true)]
    [InlineData(620, true)]
    public void ANetworkThatLosesWhatItShouldNotIsNotBelieved(long lost, bool isBroken) =>
        Assert.Equal(isBroken, LabCheck.Broken(Run(Sent, Got, lost: lost), Network).Any(sentence => sentence.Contains("own network is wrong", StringComparison.Ordinal)));

    /// <summary>A machine that keeps the loops waiting excuses misses, but not that nothing came at all.</summary>
    [Theory]
    [InlineData(9, 500, true)]
    [InlineData(11, 500, false)]
    [InlineData(11, 0, true)]
    public void ABusyMachineIsNoBadNetwork(double lateMilliseconds, long received, bool isBroken)
    {
        var run = Run(Sent, Got, realtimeReceived: received, late: lateMilliseconds);
        Assert.Equal(isBroken, LabCheck.Broken(run, Network).Count > 0);
        Assert.Equal(lateMilliseconds > 10, LabCheck.Excuse(run) is not null);
    }

    private static void AssertBroken(string words, SourceReport source, SinkReport sink)
    {
        var sentence = Assert.Single(LabCheck.Broken(Run(source, sink), Network));
        Assert.StartsWith("Signal a → b", sentence, StringComparison.Ordinal);
        Assert.Contains(words, sentence, StringComparison.Ordinal);
    }

    /// <summary>All is well but for the flow from a to b, which is as given.</summary>
    private static LabSnapshot Run(SourceReport source, SinkReport sink, long realtimeReceived = 1_000, long lost = 500, double late = 0)
    {
        var realtime = Sent with { Class = ServiceClass.Realtime };
        var media = Got with { Class = ServiceClass.Realtime };
        return new(1, new Dictionary<string, NodeReport>(StringComparer.Ordinal)
        {
            ["a"] = Node([source, realtime], [Got, media], lost, "r"),
            ["r"] = Node([], [], 500, "a", "b") with { LateMilliseconds = late },
            ["b"] = Node([Sent, realtime], [sink, media with { Received = realtimeReceived }], 500, "r"),
        });
    }

    private static NodeReport Node(SourceReport[] sources, SinkReport[] sinks, long lost, params string[] peers) =>
        new([], [.. peers.Select(peer => new PathReport(peer, 10_000, lost, 0, 0))], sources, sinks, [], 0, 0, 0);
}
