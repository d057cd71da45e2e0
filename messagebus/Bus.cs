using System.Diagnostics;
using System.Globalization;
using System.Text;
using WeCan.Contracts;
using WeCan.MessageBus.Access;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.MessageBus;

/// <summary>
/// A client of a WeCan network: publishes and subscribes. It connects with the first call, keeps what it is asked for while there is no
/// connection, and connects again by itself; what was published before is said again where it may be missing, and comes
/// once. Safe for use by many threads.
/// </summary>
public sealed class Bus : IAsyncDisposable
{
    private readonly BusOptions _options;
    private readonly ByteGate _gate;
    private readonly RequestDesk _requests = new();
    private readonly Lock _lock = new();
    private readonly BusEvents _events;
    private NativeLoop? _loop;
    private bool _isDisposed;

    /// <summary>Nothing is sent yet.</summary>
    public Bus(BusOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _gate = new(options.MaxUnconfirmedBytes);
        _events = new(_gate, _requests);
    }

    /// <summary>
    /// Publishes a Reliable message; completes when every edge with a subscriber has it, or earlier as its options say. Messages of one bus come to each
    /// subscription in the order in which this was called.
    /// </summary>
    /// <param name="subject">Where to: tokens parted by dots, the first of which names the space.</param>
    /// <param name="payload">At most what the edge takes, 1 MiB unless it says otherwise; not to be changed before this completes.</param>
    /// <param name="options">How; null for a Reliable message of priority 3 with nothing else.</param>
    /// <param name="cancellationToken">Ends the waiting. A message that was handed over goes on its way all the same.</param>
    /// <exception cref="BusException">The edge refused it, or one before if it is Realtime, or the bus failed for good.</exception>
    public async ValueTask PublishAsync(string subject, ReadOnlyMemory<byte> payload, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        var start = BusTelemetry.Start();
        using var activity = BusTelemetry.Publish("publish", subject);
        var message = OutgoingMessage.Of(subject, payload, options ?? PublishOptions.Default, activity);
        Exception? failure = null;
        try
        {
            await SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            failure = thrown;
            throw;
        }
        finally
        {
            BusTelemetry.End("publish", start, activity, failure);
        }
    }

    /// <summary>
    /// Subscribes to what is published under a pattern: <c>*</c> stands for one token, <c>&gt;</c> at its end for one or more. Completes when the
    /// edge has confirmed it: what is accepted from then on comes.
    /// </summary>
    /// <exception cref="BusException">The edge refused it, or the bus failed for good.</exception>
    /// <param name="pattern">What for.</param>
    /// <param name="options">How; null for what <see cref="SubscriptionOptions"/> has by itself.</param>
    /// <param name="cancellationToken">Ends the waiting, and the subscription.</param>
    public async ValueTask<Subscription> SubscribeAsync(string pattern, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= SubscriptionOptions.Default;
        var name = OutgoingMessage.BytesOf(pattern, SubjectRules.CheckPattern, nameof(pattern));
        if (!Enum.IsDefined(options.Overload))
            throw new ArgumentOutOfRangeException(nameof(options), options.Overload, "This is no overload policy.");
        if (options.Group is { } group && Encoding.UTF8.GetByteCount(group) is 0 or > FrameLimits.MaxWords)
            throw new ArgumentException($"A queue group's name has 1 to {FrameLimits.MaxWords} bytes.", nameof(options));
        return await SubscribeAsync(name, Make(pattern, options, sink: null), options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Asks whoever is subscribed to the subject, and completes with the first answer. When nobody is, it fails at once, and does not
    /// wait; where several are, all of them get it, and one of a queue group.
    /// </summary>
    /// <param name="subject">Where to.</param>
    /// <param name="payload">As in <see cref="PublishAsync"/>.</param>
    /// <param name="timeout">So long it waits for the answer, from the call on; the request is worth nothing afterwards, so its time to live is the same unless the options have one.</param>
    /// <param name="options">As in <see cref="PublishAsync"/>; the subject of the answer is the bus's own to choose.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    /// <exception cref="BusException">Nobody is subscribed (<see cref="BusError.NoResponders"/>), the edge refused it, or the bus failed for good.</exception>
    public async ValueTask<Message> RequestAsync(string subject, ReadOnlyMemory<byte> payload, TimeSpan timeout, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        if (options?.ReplyTo is not null)
            throw new ArgumentException("A request chooses the subject of its answer by itself: leave ReplyTo away.", nameof(options));
        var start = BusTelemetry.Start();
        using var activity = BusTelemetry.Publish("request", subject);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(timeout);
        Exception? failure = null;
        try
        {
            options = (options ?? PublishOptions.Default) with { TimeToLive = options?.TimeToLive ?? timeout };
            return await AskAsync(subject, payload, options, activity, late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException thrown) when (!cancellationToken.IsCancellationRequested)
        {
            failure = new TimeoutException($"No answer from {subject} came within {timeout.TotalSeconds:0.###} s.", thrown);
            throw failure;
        }
        catch (Exception thrown)
        {
            failure = thrown;
            throw;
        }
        finally
        {
            BusTelemetry.End("request", start, activity, failure);
        }
    }

    /// <summary>Says goodbye to the edge. What is not confirmed fails, and subscriptions end.</summary>
    public async ValueTask DisposeAsync()
    {
        NativeLoop? loop;
        lock (_lock)
        {
            _isDisposed = true;
            (loop, _loop) = (_loop, null);
        }

        if (loop is not null)
            await Task.Run(loop.Dispose).ConfigureAwait(false);
        _events.Fail(new("The bus was disposed of."));
    }

    private static void Consume(BusClient client, uint subscription, Message message)
    {
        if (message.Deadline is null)
            client.Consume(subscription, message.Payload.Length);
        else
            client.ConsumeRealtime(subscription, message.Payload.Length);
    }

    private Subscription Make(string pattern, SubscriptionOptions options, Action<Message>? sink) => new(
        pattern,
        options,
        ended => Do((client, _) => client.Bus.Unsubscribe(_events.Forget(ended))),
        drained => Do((client, _) => client.Bus.Drain(drained.Id)),
        (read, message) => Do((client, _) => Consume(client.Bus, read.Id, message)))
    {
        Sink = sink,
        Bus = this,
    };

    private async Task<Subscription> SubscribeAsync(byte[] name, Subscription subscription, SubscriptionOptions options, CancellationToken cancellation)
    {
        var group = Encoding.UTF8.GetBytes(options.Group ?? "");
        Loop().Post((client, now) =>
        {
            if (_events.TryAdd(subscription))
                subscription.Id = client.Bus.Subscribe(name, (OverloadPolicy)options.Overload, group);
            _events.Name(subscription);
        });
        try
        {
            await subscription.Confirmed.WaitAsync(cancellation).ConfigureAwait(false);
            return subscription;
        }
        catch (OperationCanceledException)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Message> AskAsync(string subject, ReadOnlyMemory<byte> payload, PublishOptions options, Activity? activity, CancellationToken cancellation)
    {
        _ = Loop();
        var inbox = await _requests.Inbox.WaitAsync(cancellation).ConfigureAwait(false);
        await _requests.Subscribe(() => SubscribeAsync(Encoding.UTF8.GetBytes($"{inbox}>"), Make($"{inbox}>", SubscriptionOptions.Default, _requests.Answer), SubscriptionOptions.Default, CancellationToken.None))
            .WaitAsync(cancellation).ConfigureAwait(false);
        var answer = _requests.Begin(out var number);
        try
        {
            var asked = SendAsync(OutgoingMessage.Of(subject, payload, options with { ReplyTo = string.Create(CultureInfo.InvariantCulture, $"{inbox}{number}") }, activity), cancellation);

            // The answer may come before the request is confirmed; that it was refused is the only thing to wait for beside it.
            _ = asked.ContinueWith(refused => answer.TrySetException(refused.Exception!.InnerExceptions), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return await answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _requests.End(number);
        }
    }

    private async Task SendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (message.Deadline is { } deadline)
        {
            _events.ThrowRefusedRealtime();
            Loop().Post((client, now) =>
            {
                client.PublishRealtime(now, message.Priority, deadline, message.Subject, message.Payload.Span, message.Extras);
                settled.TrySetResult();
            });
            await settled.Task.WaitAsync(cancellation).ConfigureAwait(false);
            return;
        }

        await _gate.EnterAsync(message.Bytes, cancellation).ConfigureAwait(false);
        Loop().Post((client, now) =>
        {
            _events.Await(client.Bus.Publish(message.Priority, message.Subject, message.Payload.Span, message.Extras), message.Bytes, settled, message.Completion);
        });
        await settled.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private void Do(Action<NativeClient, MonoTime> order)
    {
        lock (_lock)
            _loop?.Post(order);
    }

    private NativeLoop Loop()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _loop ??= new(_options, _events, OnEnded);
        }
    }

    private void OnEnded(Exception? failure)
    {
        if (failure is not null)
            _events.Fail(failure as BusException ?? new BusException($"The bus has failed: {failure.Message}", failure));
    }
}
