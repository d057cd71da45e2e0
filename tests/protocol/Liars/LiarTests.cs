using System.Collections.Concurrent;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Liars;

/// <summary>
/// A member that lies is contained, whatever it lies about: docs/decisions/0021. Beyond what an honest peer in its place
/// costs, a node sends at most three bytes for each of the liar's, holds no more than its bounds, and closes the link with a
/// reason where the lie can be told from an honest node's word.
/// </summary>
[Collection(Alone.Name)]
public sealed class LiarTests
{
    private const int MostForOne = 3;

    /// <summary>What the flows of one origin may hold, and what the tables beside take.</summary>
    private const long MostHeap = 96L << 20;

    private static readonly ConcurrentDictionary<bool, LieCost> Honest = new();
    private static readonly Lie[] All = [.. LinkLies.All, .. PathLies.All, .. TransportLies.All];

    public static TheoryData<string> Names => [.. All.Select(lie => lie.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ALiarIsContained(string name)
    {
        var lie = All.Single(one => one.Name == name);
        Check(lie);
        if (lie.Say is not null)
            Check(lie.Slowed(10));
    }

    private static void Check(Lie lie)
    {
        var honest = Honest.GetOrAdd(lie.Loaded, loaded => LieBench.Measure(new Lie("") { Loaded = loaded }));
        var cost = LieBench.Measure(lie);
        var sent = cost.ToLiar + cost.ToOthers;
        var usual = honest.ToLiar + honest.ToOthers;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{lie.Name}: said {cost.Said:N0}, and the node sent {cost.ToLiar:N0} to the liar and {cost.ToOthers:N0} to others, {(double)sent / usual:0.00} of what an honest peer costs, "
            + $"{(double)(sent - usual) / cost.Said:0.00} more for each byte said; others sent {cost.Elsewhere - honest.Elsewhere:N0} more; it held {cost.PeakMemory:N0}, the process {cost.Heap:N0}; {cost.Closed}");

        // What its applications send goes out at most three times; nothing else has the liar's bytes to answer for it.
        var most = ((lie.Loaded ? MostForOne : 1) * usual) + ((lie.Say is null ? 0 : MostForOne + lie.Copies) * cost.Said);
        Assert.True(sent <= most, $"{lie.Name}: the liar said {cost.Said:N0} bytes, and the node sent {sent:N0}, {usual:N0} of them for an honest peer.");
        Assert.True(cost.PeakMemory <= TransportOptions.Default.ReceiveMemoryPerOrigin, $"{lie.Name}: the node held {cost.PeakMemory:N0} bytes.");
        Assert.True(cost.Heap <= MostHeap, $"{lie.Name}: the process has grown by {cost.Heap:N0} bytes.");
        Assert.Equal(lie.IsProvable ? CloseReason.ProtocolViolation : CloseReason.None, cost.Closed);
    }
}
