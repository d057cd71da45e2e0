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
        _events = new(_gate);
    }

    /// <summary>
    /// Publishes a Reliable message; completes when every edge with a subscriber has it, or earlier as its options say. Messages of one bus come to each
    /// subscription in the order in which this was called.
    /// </summary>
    /// <param name="subject">Where to: tokens parted by dots, the first of which names the space.</param>
    /// <param name="payload">At most what the edge takes, 1 MiB unless it says otherwise; not to be changed before this completes.</param>
    /// <param name="options">How; null for a Reliable message of priority 3 with nothing else.</param>
    /// <param name="cancellationToken">Ends the waiting. A message that was handed over goes on its way all the same.</param>
    /// <exception cref="BusException">The edge refused it, or the bus failed for good.</exception>
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
        var loop = Loop();
        var subscription = new Subscription(
            pattern,
            options,
            ended => Do((client, _) => client.Bus.Unsubscribe(_events.Forget(ended))),
            (read, bytes) => Do((client, _) => client.Bus.Consume(read.Id, bytes)));
        loop.Post((client, now) =>
        {
            if (_events.TryAdd(subscription))
                subscription.Id = client.Bus.Subscribe(name, (OverloadPolicy)options.Overload, []);
            _events.Name(subscription);
            client.Turn(now);
        });
        try
        {
            await subscription.Confirmed.WaitAsync(cancellationToken).ConfigureAwait(false);
            return subscription;
        }
        catch (OperationCanceledException)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
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

    private async ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellation)
    {
        await _gate.EnterAsync(message.Bytes, cancellation).ConfigureAwait(false);
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop().Post((client, now) =>
        {
            _events.Await(client.Bus.Publish(message.Priority, message.Subject, message.Payload.Span, message.Extras), message.Bytes, settled, message.Completion);
            client.Turn(now);
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
