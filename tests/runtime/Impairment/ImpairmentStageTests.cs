using WeCan.Contracts;
using WeCan.Runtime.Impairment;

namespace WeCan.Runtime.Tests.Impairment;

public sealed class ImpairmentStageTests
{
    private const int Datagrams = 20_000;

    [Theory]
    [InlineData(0.05, 0)]
    [InlineData(0.3, 0)]
    [InlineData(0, 0.1)]
    [InlineData(0.2, 0.2)]
    public void SharesAreWhatWasAskedFor(double loss, double duplicate)
    {
        var counters = new ImpairmentCounters();
        var (stage, sink) = Make(new() { Loss = loss, Duplicate = duplicate, Seed = 7 }, counters);
        for (var i = 0; i < Datagrams; i++)
        {
            Send(stage, MonoTime.Zero, i);
            Assert.True(stage.TryFlush(MonoTime.Zero));
        }

        Assert.Equal(Datagrams - counters.Lost + counters.Duplicated, sink.Arrived.Count);
        AssertShare(loss, counters.Lost, Datagrams);
        AssertShare(duplicate, counters.Duplicated, Datagrams - counters.Lost);
        Assert.Equal(sink.Arrived.Order(), sink.Arrived);
        Assert.Equal(0, counters.Overflowed);
    }

    [Fact]
    public void EachLeavesWithinItsDelayAndTheStageSaysWhen()
    {
        var (stage, sink) = Make(new() { Delay = Duration.FromMilliseconds(20), Jitter = Duration.FromMilliseconds(4) }, new());
        Assert.True(stage.NextDue.IsNever);
        for (var i = 0; i < 1_000; i++)
            Send(stage, MonoTime.FromMilliseconds(i), i);
        while (!stage.NextDue.IsNever)
        {
            sink.Now = stage.NextDue;
            Assert.True(stage.TryFlush(stage.NextDue));
        }

        Assert.Equal(1_000, sink.Arrived.Count);
        Assert.NotEqual(sink.Arrived.Order(), sink.Arrived);
        var delays = sink.Arrived.Zip(sink.Times, (number, at) => (at - MonoTime.FromMilliseconds(number)).Milliseconds).ToArray();
        Assert.InRange(delays.Min(), 20, 20.2);
        Assert.InRange(delays.Max(), 23.8, 24);
        Assert.InRange(delays.Average(), 21.7, 22.3);
    }

    [Fact]
    public void ReorderedDatagramsAreOvertakenByThoseOfTheirDelay()
    {
        var counters = new ImpairmentCounters();
        var (stage, sink) = Make(new() { Reorder = 0.1, ReorderBy = Duration.FromMilliseconds(3.5) }, counters);
        for (var i = 0; i < Datagrams; i++)
        {
            var now = MonoTime.FromMilliseconds(i);
            Send(stage, now, i);
            sink.Now = now;
            Assert.True(stage.TryFlush(now));
        }

        AssertShare(0.1, counters.Reordered, Datagrams);
        var behind = sink.Arrived.Zip(sink.Arrived.Skip(1)).Count(pair => pair.Second < pair.First);
        Assert.InRange(behind, counters.Reordered * 0.7, counters.Reordered);
    }

    [Fact]
    public void WhatItHoldsIsBoundedAndAFullSocketLosesNothing()
    {
        var counters = new ImpairmentCounters();
        var (stage, sink) = Make(new() { Delay = Duration.FromSeconds(1) }, counters);
        for (var i = 0; i < RuntimeLimits.ImpairedDatagrams + 10; i++)
            Send(stage, MonoTime.Zero, i);
        Assert.Equal(10, counters.Overflowed);
        sink.IsFull = true;
        var due = stage.NextDue;
        Assert.False(stage.TryFlush(due));
        Assert.Empty(sink.Arrived);
        sink.IsFull = false;
        Assert.True(stage.TryFlush(due));
        Assert.Equal(Enumerable.Range(0, RuntimeLimits.ImpairedDatagrams), sink.Arrived);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void AShareThatIsNoneIsRefusedWithWhatToWrite(double share)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new ImpairmentOptions { Loss = share }.Validate());
        Assert.Contains("0.05 for 5 %", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANodeSaysLoudlyThatItIsOn()
    {
        var impairment = new ImpairmentPlan { Others = new() { Loss = 0.02, Delay = Duration.FromMilliseconds(1) } };
        using var impaired = new TestNode(1, new(), impairment: impairment);
        using var plain = new TestNode(2, new());
        await TestNode.LinkAsync(impaired, plain);
        var notice = Assert.Single(impaired.Host.Notices, notice => notice.Contains("IMPAIRED ON PURPOSE", StringComparison.Ordinal));
        Assert.Contains("2 % lost, 1 ms delay", notice, StringComparison.Ordinal);
        Assert.True(impaired.Driver.Statistics.IsImpaired);
        Assert.False(plain.Driver.Statistics.IsImpaired);
    }

    [Theory]
    [InlineData(0.05, 5)]
    [InlineData(0.2, 3)]
    public void LossesComeInRunsOfTheLengthThatWasAskedFor(double loss, double burst)
    {
        var counters = new ImpairmentCounters();
        var (stage, sink) = Make(new() { Loss = loss, Burst = burst, Seed = 3 }, counters);
        for (var i = 0; i < Datagrams * 5; i++)
        {
            Send(stage, MonoTime.Zero, i);
            Assert.True(stage.TryFlush(MonoTime.Zero));
        }

        var runs = sink.Arrived.Zip(sink.Arrived.Skip(1)).Count(pair => pair.Second != pair.First + 1);
        Assert.InRange(counters.Lost / (Datagrams * 5.0), loss * 0.9, loss * 1.1);
        Assert.InRange(counters.Lost / (double)runs, burst * 0.9, burst * 1.1);
    }

    [Fact]
    public void WhatIsOverTheRateWaitsInAQueueOfItsLength()
    {
        var counters = new ImpairmentCounters();

        // A datagram of 100 bytes and 28 of headers is 1,024 bits: one a millisecond.
        var (stage, sink) = Make(new() { Rate = new(1_024_000), Queue = Duration.FromMilliseconds(20) }, counters);
        for (var i = 0; i < 50; i++)
            Send(stage, MonoTime.Zero, i);
        while (!stage.NextDue.IsNever)
        {
            sink.Now = stage.NextDue;
            Assert.True(stage.TryFlush(stage.NextDue));
        }

        Assert.Equal(21, sink.Arrived.Count);
        Assert.Equal(29, counters.Overflowed);
        Assert.Equal(Enumerable.Range(1, 21).Select(turn => MonoTime.FromMilliseconds(turn)), sink.Times);
    }

    [Fact]
    public void EachDestinationHasItsRuleAndAnotherPlanCountsFromTheNextDatagramOn()
    {
        var near = NetAddress.FromIPv4(1, 1);
        var far = NetAddress.FromIPv4(2, 1);
        var sink = new Sink();
        var stage = new ImpairmentStage(sink, new() { Rules = [new(far, new() { Loss = 1 })] }, new());
        SendTo(near, 1);
        SendTo(far, 2);
        stage.Set(new() { Others = new() { Loss = 1 }, Rules = [new(far, new())] });
        SendTo(near, 3);
        SendTo(far, 4);
        Assert.Equal([1, 4], sink.Arrived);
        Assert.Contains("to 0.0.0.2:1: nothing is done to datagrams; to others: 100 % lost", stage.Impairment, StringComparison.Ordinal);

        void SendTo(NetAddress to, int number)
        {
            BitConverter.TryWriteBytes(stage.Draft, number);
            stage.Send(MonoTime.Zero, to, 100);
            Assert.True(stage.TryFlush(MonoTime.Zero));
        }
    }

    private static void AssertShare(double share, long count, long all)
    {
        var spread = 5 * Math.Sqrt(share * (1 - share) * all);
        Assert.InRange(count, (share * all) - spread, (share * all) + spread);
    }

    private static (ImpairmentStage Stage, Sink Sink) Make(ImpairmentOptions options, ImpairmentCounters counters)
    {
        var sink = new Sink();
        return (new ImpairmentStage(sink, new() { Others = options }, counters), sink);
    }

    private static void Send(ImpairmentStage stage, MonoTime now, int number)
    {
        BitConverter.TryWriteBytes(stage.Draft, number);
        stage.Send(now, NetAddress.FromIPv4(1, 1), 100);
    }

    private sealed class Sink : IDatagramEgress
    {
        private readonly byte[] _draft = new byte[2_048];

        public MonoTime Now { get; set; }

        public bool IsFull { get; set; }

        public List<int> Arrived { get; } = [];

        public List<MonoTime> Times { get; } = [];

        public string? Impairment => null;

        public MonoTime NextDue => MonoTime.Never;

        public Span<byte> Draft => IsFull ? default : _draft;

        public void Send(MonoTime now, NetAddress to, int length)
        {
            Assert.Equal(100, length);
            Arrived.Add(BitConverter.ToInt32(_draft));
            Times.Add(Now);
        }

        public bool TryFlush(MonoTime now) => !IsFull;
    }
}
