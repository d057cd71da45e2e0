using System.Threading.Channels;
using WeCan.Contracts;
using WeCan.MessageBus.Access;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.MessageBus;

/// <summary>
/// What is published under a pattern, from the moment on when it was confirmed: each publisher's Reliable messages once and in its
/// order. Read it with <c>await foreach</c>, in one place at a time; what is not read waits at the edge.
/// </summary>
public sealed class Subscription : IAsyncEnumerable<Message>, IAsyncDisposable
{
    private readonly Channel<Message> _messages = Channel.CreateUnbounded<Message>(new() { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SubscriptionOptions _options;
    private readonly Action<Subscription> _end;
    private readonly Action<Subscription> _drain;
    private readonly Action<Subscription, Message> _consumed;
    private long _missed;

    internal Subscription(string pattern, SubscriptionOptions options, Action<Subscription> end, Action<Subscription> drain, Action<Subscription, Message> consumed) =>
        (Pattern, _options, _end, _drain, _consumed) = (pattern, options, end, drain, consumed);

    /// <summary>Takes each message as it comes, instead of a reader.</summary>
    internal Action<Message>? Sink { get; init; }

    /// <summary>Whose messages know how to be answered.</summary>
    internal Bus? Bus { get; init; }

    /// <summary>What it is subscribed to.</summary>
    public string Pattern { get; }

    /// <summary>Realtime messages that came and were let go of, as their time was up before they were read.</summary>
    public long TooLate { get; private set; }

    internal uint Id { get; set; }

    internal Task Confirmed => _confirmed.Task;

    /// <summary>The messages, until the subscription is disposed of or the bus fails for good, which throws.</summary>
    public async IAsyncEnumerator<Message> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var message in _messages.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            _consumed(this, message);
            if (message.Deadline < NativeLoop.Now)
            {
                TooLate++;
                continue;
            }

            BusTelemetry.CountConsumed();
            yield return message;
        }
    }

    /// <summary>
    /// Wants nothing more but what is on its way: that is still to be read, and the reading ends with it. A member of a queue group
    /// that is to go loses nothing so, and the others get the rest.
    /// </summary>
    public ValueTask DrainAsync()
    {
        _drain(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Wants nothing more, nor what was not read.</summary>
    public ValueTask DisposeAsync()
    {
        _end(this);
        _messages.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    internal void Complete() => _messages.Writer.TryComplete();

    internal void Confirm() => _confirmed.TrySetResult();

    internal void Fail(BusException failure)
    {
        _confirmed.TrySetException(failure);
        _messages.Writer.TryComplete(failure);
    }

    internal void Deliver(in MessageFrame frame, PublisherId publisher, MonoTime? deadline)
    {
        // A gap is of Reliable messages, and told before the next of them.
        var isRealtime = deadline is not null;
        var message = new Message(frame, publisher) { MissedBefore = isRealtime ? 0 : _missed, Bus = Bus, Deadline = deadline };
        _missed = isRealtime ? _missed : 0;
        if (Sink is null)
        {
            _messages.Writer.TryWrite(message);
            return;
        }

        _consumed(this, message);
        Sink(message);
    }

    internal void Miss(Gap gap)
    {
        _missed = gap.Count < 0 || _missed < 0 ? -1 : _missed + gap.Count;
        BusTelemetry.CountMissed(gap);
        _options.OnGap?.Invoke(gap);
    }
}
