using WeCan.Contracts;
using WeCan.Lab.Flows;

namespace WeCan.Lab.Tests.Flows;

public sealed class FlowSinkTests
{
    private readonly FlowMessages _messages = new(ServiceClass.Signal);
    private readonly FlowSink _sink = new(ServiceClass.Signal, "a");

    [Fact]
    public void WhatCameOnceAndInOrderIsCountedAsThat()
    {
        for (var number = 0; number < 400; number++)
            _sink.Take(Message(number));
        var report = _sink.Report();
        Assert.Equal((400, 0, 0, 0, 0), (report.Received, report.Gaps, report.Repeated, report.Reordered, report.Damaged));
    }

    [Fact]
    public void EveryKindOfFaultIsCountedAsItself()
    {
        _sink.Take(Message(0));
        _sink.Take(Message(2));
        Assert.Equal(1, _sink.Report().Gaps);
        _sink.Take(Message(1));
        _sink.Take(Message(1));
        _sink.Take(Message(5));
        var damaged = Message(6);
        damaged[^1] ^= 1;
        _sink.Take(damaged);
        _sink.Take(Message(7)[..^1]);
        _sink.Take([1, 2, 3]);
        var report = _sink.Report();
        Assert.Equal((4, 2, 1, 1, 3), (report.Received, report.Gaps, report.Repeated, report.Reordered, report.Damaged));
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

    private byte[] Message(long number)
    {
        var buffer = new byte[FlowMessages.MaxBytes];
        return buffer[.._messages.Write(number, LocalTime.Nanoseconds, buffer)];
    }
}
