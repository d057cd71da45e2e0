using WeCan.Contracts;
using WeCan.Lab.Flows;
using WeCan.Lab.Reports;

namespace WeCan.Lab.Tests.Flows;

public sealed class FlowSinkTests
{
    private readonly FlowMessages _messages = new(ServiceClass.Signal);
    private readonly FlowSink _sink = new(ServiceClass.Signal);

    public FlowSinkTests() => _sink.CountFrom(0);

    [Fact]
    public void WhatCameOnceAndInOrderIsCountedAsThat()
    {
        for (var number = 0; number < 400; number++)
            _sink.Take(Message(number));
        Assert.Equal((400, 0, 0, 0, 0), Counts(Report()));
    }

    [Fact]
    public void EveryKindOfFaultIsCountedAsItself()
    {
        _sink.Take(Message(0));
        _sink.Take(Message(2));
        _sink.Take(Message(1));
        _sink.Take(Message(1));
        _sink.Take(Message(5, LocalTime.Nanoseconds - LabLimits.RealtimeDeadline.Nanoseconds - 1));
        var damaged = Message(6);
        damaged[^1] ^= 1;
        _sink.Take(damaged);
        _sink.Take(Message(7)[..^1]);
        _sink.Take([1, 2, 3]);
        Assert.Equal((4, 1, 1, 1, 3), Counts(Report()));
    }

    [Fact]
    public void WhatWarmsUpCountsNowhere()
    {
        _sink.CountFrom(10);
        _sink.Take(Message(9));
        _sink.Take(Message(10));
        _sink.Take(Message(9));
        Assert.Equal((1, 0, 0, 0, 0), Counts(Report()));
    }

    [Fact]
    public void SignalHasEverySizeThereIsToTry()
    {
        var lengths = Enumerable.Range(0, 400).Select(number => _messages.LengthOf(number)).ToArray();
        Assert.Equal(FlowMessages.MaxBytes, lengths.Max());
        Assert.Equal(4, lengths.Count(length => length == 64 << 10));
        Assert.InRange(lengths.Min(), 16, 64);
        Assert.InRange(lengths.Where(length => length < 64 << 10).Max(), 3_000, 4_096);
    }

    private static (long, long, long, long, long) Counts(FlowReport report) => (report.Received, report.Late, report.Repeated, report.Reordered, report.Damaged);

    private FlowReport Report() => _sink.Report("a", "b", 0, 0, null);

    private byte[] Message(long number, long? due = null)
    {
        var buffer = new byte[FlowMessages.MaxBytes];
        return buffer[.._messages.Write(number, due ?? LocalTime.Nanoseconds, buffer)];
    }
}
