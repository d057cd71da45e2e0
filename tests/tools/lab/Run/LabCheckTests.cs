using WeCan.Contracts;
using WeCan.Lab.Reports;
using WeCan.Lab.Run;
using WeCan.Lab.Wan;

namespace WeCan.Lab.Tests.Run;

/// <summary>A check that cannot fail proves nothing: each point is broken alone, and found.</summary>
public sealed class LabCheckTests
{
    private static readonly Scenario Network = Scenario.Parse("""
        host a 10.0.0.1
        host r1 10.0.0.2
        host b 10.0.0.3
        link a r1 loss 5
        """);

    private static readonly LabPlan Plan = LabPlan.Of(Network, out _)!;
    private static readonly FlowReport Signal = new(ServiceClass.Signal, "a", "b", 1_000, 9, 1_000, 0, 0, 0, 0, 1, 2, 3, null);
    private static readonly FlowReport Realtime = Signal with { Class = ServiceClass.Realtime };
    private static readonly NodeReport Node = new("r1", "relay", 7, Runs: true, 2, IsConnected: true, 1, 50, 100, 5, 6, 0);

    [Fact]
    public void AGoodRunHasNothingBroken() => Assert.Empty(Broken(Signal, Realtime, Node));

    [Fact]
    public void EveryBrokenPromiseOfSignalIsASentence()
    {
        AssertBroken("did not arrive", Signal with { Received = 999 });
        AssertBroken("arrived twice", Signal with { Repeated = 1 });
        AssertBroken("out of order", Signal with { Reordered = 1 });
        AssertBroken("damaged", Signal with { Damaged = 1 });
        AssertBroken("the connection broke", Signal with { Trouble = "reset" });
        AssertBroken("sent nothing", Signal with { Sent = 0, Received = 0 });
    }

    [Theory]
    [InlineData(950, 0, false)]
    [InlineData(949, 0, true)]
    [InlineData(1_000, 50, false)]
    [InlineData(1_000, 51, true)]
    public void RealtimeMayMissOneInTwentyAndWhatIsLateIsMissed(long received, long late, bool isBroken) =>
        Assert.Equal(isBroken, Broken(Signal, Realtime with { Received = received, Late = late }, Node).Any(sentence => sentence.Contains("5.1 % of", StringComparison.Ordinal)));

    /// <summary>A machine that keeps the loops waiting excuses misses, but not that nothing came at all.</summary>
    [Theory]
    [InlineData(0.009, 500, true)]
    [InlineData(0.011, 500, false)]
    [InlineData(0.011, 0, true)]
    public void ABusyMachineIsNoBadNetwork(double late, long received, bool isBroken)
    {
        var end = new LabSnapshot(1, [Node], [Signal, Realtime with { Received = received }], []);
        Assert.Equal(isBroken, LabCheck.Broken(end, Plan, Network, late).Count > 0);
        Assert.Equal(late > 0.01, LabCheck.Excuse(end, late) is not null);
    }

    [Fact]
    public void ANetworkThatLosesNothingIsNotBelievedAndANodeWithoutAControllerIsTold()
    {
        Assert.Contains("own network is wrong", Assert.Single(Broken(Signal, Realtime, Node with { Lost = 0 })), StringComparison.Ordinal);
        Assert.Contains("r1 has no session", Assert.Single(Broken(Signal, Realtime, Node with { IsConnected = false })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host a 10.0.0.1\nhost b 10.0.0.2", "has no relay")]
    [InlineData("host r 10.0.0.1\nhost c 10.0.0.2\nhost b 10.0.0.3", "has 1 edges")]
    public void AScenarioThatIsNoOverlayIsRefusedInASentence(string text, string sentence)
    {
        Assert.Null(LabPlan.Of(Scenario.Parse(text), out var problem));
        Assert.Contains(sentence, problem, StringComparison.Ordinal);
    }

    private static void AssertBroken(string words, FlowReport signal)
    {
        var sentence = Assert.Single(Broken(signal, Realtime, Node));
        Assert.StartsWith("Signal a → b", sentence, StringComparison.Ordinal);
        Assert.Contains(words, sentence, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Broken(FlowReport signal, FlowReport realtime, NodeReport node) =>
        LabCheck.Broken(new(1, [node], [signal, realtime], []), Plan, Network);
}
