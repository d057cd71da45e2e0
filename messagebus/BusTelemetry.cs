using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace WeCan.MessageBus;

/// <summary>
/// What the library tells the world of: activities and metrics named WeCan.MessageBus, in OpenTelemetry's words for messaging. Costs
/// next to nothing while nobody listens.
/// </summary>
internal static class BusTelemetry
{
    public const string Name = "WeCan.MessageBus";
    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";

    private const string System = "wecan";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Sent = Meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Messages that were published and settled.");
    private static readonly Counter<long> Consumed = Meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Messages that readers have taken.");
    private static readonly Counter<long> Missed = Meter.CreateCounter<long>("wecan.messagebus.missed.messages", "{message}", "Messages that did not come to a subscription, where it is known how many.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("messaging.client.operation.duration", "s", "From the call to its completion.");

    public static Activity? Publish(string operation, string subject)
    {
        var activity = Source.StartActivity(operation, operation == "request" ? ActivityKind.Client : ActivityKind.Producer);
        return Describe(activity, operation, subject);
    }

    public static Activity? Receive(string name, Message message)
    {
        if (!Source.HasListeners())
            return null;
        _ = ActivityContext.TryParse(message.Headers.GetValueOrDefault(TraceParent), message.Headers.GetValueOrDefault(TraceState), isRemote: true, out var parent);
        return Describe(Source.StartActivity(name, ActivityKind.Consumer, parent), name, message.Subject);
    }

    public static void CountConsumed() => Consumed.Add(1, new KeyValuePair<string, object?>("messaging.system", System));

    public static void CountMissed(Gap gap)
    {
        if (gap.Count > 0)
            Missed.Add(gap.Count, new KeyValuePair<string, object?>("messaging.system", System), new KeyValuePair<string, object?>("cause", gap.Cause.ToString()));
    }

    /// <summary>When an operation began, if anybody wants to know how long they take.</summary>
    public static long Start() => Duration.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>An operation is over; with the kind of its failure, if it failed.</summary>
    public static void End(string operation, long start, Activity? activity, Exception? failure)
    {
        if (failure is not null)
            activity?.SetStatus(ActivityStatusCode.Error, failure.Message);
        else
            Sent.Add(1, new KeyValuePair<string, object?>("messaging.system", System));
        if (start == 0)
            return;
        var tags = new TagList { { "messaging.system", System }, { "messaging.operation.name", operation } };
        if (failure is not null)
            tags.Add("error.type", failure is BusException known ? known.Error.ToString() : failure.GetType().Name);
        Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);
    }

    private static Activity? Describe(Activity? activity, string operation, string subject) => activity?
        .SetTag("messaging.system", System)
        .SetTag("messaging.operation.name", operation)
        .SetTag("messaging.destination.name", subject);
}
