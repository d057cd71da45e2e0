using System.Diagnostics;
using System.Diagnostics.Metrics;
using WeCan.MessageBus;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.MessageBus.Tests.Client;

/// <summary>What a publisher says beside the payload is what a reader sees.</summary>
public sealed class MessageTests
{
    [Fact]
    public void What_a_publisher_writes_a_reader_sees()
    {
        var options = new PublishOptions
        {
            Priority = 6,
            TimeToLive = TimeSpan.FromMilliseconds(1.5),
            MessageId = "order-1",
            ReplyTo = "shop.answers",
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["kind"] = "näu", ["empty"] = "" },
        };
        var sent = OutgoingMessage.Of("shop.orders.new", "one"u8.ToArray(), options, activity: null);
        Assert.True(MessageExtras.TryRead(sent.Extras, out var extras));
        Assert.Equal(2u, extras.LifeMilliseconds);
        var message = Receive(sent);
        Assert.Equal(("shop.orders.new", "order-1", "shop.answers", 6), (message.Subject, message.Id, message.ReplyTo, message.Priority));
        Assert.Equal("one"u8, message.Payload.Span);
        Assert.Equal([("empty", ""), ("kind", "näu")], message.Headers.Select(header => (header.Key, header.Value)).OrderBy(header => header.Key, StringComparer.Ordinal));
        Assert.Equal("000000000000000000000000000000ab", message.Publisher.ToString());

        var bare = Receive(OutgoingMessage.Of("shop.a", default, PublishOptions.Default, activity: null));
        Assert.Empty(bare.Headers);
        Assert.Equal((null, null, 3), (bare.Id, bare.ReplyTo, bare.Priority));
    }

    [Fact]
    public void What_no_message_may_have_is_told_to_who_wrote_it()
    {
        Assert.Contains("at most 64 headers", Fault<ArgumentException>(new() { Headers = Enumerable.Range(0, 65).ToDictionary(index => $"{index}", _ => "", StringComparer.Ordinal) }).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 128 bytes; this one has 129", Fault<ArgumentException>(new() { MessageId = new('x', 129) }).Message, StringComparison.Ordinal);
        Assert.Contains("A message goes to one subject", Fault<ArgumentException>(new() { ReplyTo = "shop.*" }).Message, StringComparison.Ordinal);
        Fault<ArgumentOutOfRangeException>(new() { Priority = 8 });
        Fault<ArgumentOutOfRangeException>(new() { TimeToLive = TimeSpan.Zero });
        Fault<ArgumentOutOfRangeException>(new() { Completion = (Completion)2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => OutgoingMessage.Of("shop.a", new byte[FrameLimits.MaxPayload + 1], PublishOptions.Default, activity: null));
    }

    [Fact]
    public void A_trace_goes_with_the_message()
    {
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == BusTelemetry.Name, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        using var around = new Activity("work") { TraceStateString = "a=b" }.Start();
        using var publish = BusTelemetry.Publish("publish", "shop.a");
        Assert.Equal(around.TraceId, publish!.TraceId);
        var message = Receive(OutgoingMessage.Of("shop.a", default, PublishOptions.Default, publish));
        Assert.Equal((publish.Id, "a=b"), (message.Headers["traceparent"], message.Headers["tracestate"]));
        publish.Stop();
        around.Stop();

        using var process = message.StartActivity();
        Assert.Equal((publish.SpanId, publish.TraceId, ActivityKind.Consumer), (process!.ParentSpanId, process.TraceId, process.Kind));
        Assert.Equal(process, Activity.Current);

        // The application's own goes before it.
        const string Own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var other = Receive(OutgoingMessage.Of("shop.a", default, new() { Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["traceparent"] = Own } }, process));
        Assert.Equal(Own, other.Headers["traceparent"]);
    }

    [Fact]
    public void Operations_are_measured_by_how_they_ended()
    {
        var seen = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, meters) => Enable(instrument, meters) };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => seen.Add($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}"));
        listener.Start();
        BusTelemetry.End("test", BusTelemetry.Start(), activity: null, failure: null);
        BusTelemetry.End("test", BusTelemetry.Start(), activity: null, new BusException("no", BusError.TooLong));
        Assert.Equal("messaging.client.operation.duration wecan test; messaging.client.operation.duration wecan test TooLong", string.Join("; ", seen));
    }

    private static void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == BusTelemetry.Name)
            listener.EnableMeasurementEvents(instrument);
    }

    private static T Fault<T>(PublishOptions options)
        where T : Exception => Assert.Throws<T>(() => OutgoingMessage.Of("shop.a", default, options, activity: null));

    private static Message Receive(OutgoingMessage sent)
    {
        var frame = new MessageFrame
        {
            Targets = [],
            Publisher = 1,
            Number = 1,
            Traits = new(Delivery.Reliable, sent.Priority),
            Subject = sent.Subject,
            Payload = sent.Payload.Span,
            Extras = sent.Extras,
        };
        return new(frame, new(0xAB));
    }
}
