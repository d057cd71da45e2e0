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
    /// Publishes a Reliable message; completes when every edge with a subscriber has it. Messages of one bus come to each subscription in the
    /// order in which this was called.
    /// </summary>
    /// <param name="subject">Where to: tokens parted by dots, the first of which names the space.</param>
    /// <param name="payload">At most what the edge takes, 1 MiB unless it says otherwise; not to be changed before this completes.</param>
    /// <param name="priority">0 to 7; under overload the lowest goes first.</param>
    /// <param name="cancellationToken">Ends the waiting. A message that was handed over goes on its way all the same.</param>
    /// <exception cref="BusException">The edge refused it, or the bus failed for good.</exception>
    public async ValueTask PublishAsync(string subject, ReadOnlyMemory<byte> payload, int priority = 3, CancellationToken cancellationToken = default)
    {
        var name = BytesOf(subject, SubjectRules.CheckSubject, nameof(subject));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, FrameLimits.MaxPayload);
        ArgumentOutOfRangeException.ThrowIfNegative(priority);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priority, MessageTraits.MaxPriority);
        var bytes = name.Length + payload.Length;
        await _gate.EnterAsync(bytes, cancellationToken).ConfigureAwait(false);
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop().Post((client, now) =>
        {
            _events.Await(client.Bus.Publish((byte)priority, name, payload.Span, []), bytes, settled);
            client.Turn(now);
        });
        await settled.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Subscribes to what is published under a pattern: <c>*</c> stands for one token, <c>&gt;</c> at its end for one or more. Completes when the
    /// edge has confirmed it: what is accepted from then on comes.
    /// </summary>
    /// <exception cref="BusException">The edge refused it, or the bus failed for good.</exception>
    public async ValueTask<Subscription> SubscribeAsync(string pattern, Overload overload = Overload.DropOldest, CancellationToken cancellationToken = default)
    {
        var name = BytesOf(pattern, SubjectRules.CheckPattern, nameof(pattern));
        if (!Enum.IsDefined(overload))
            throw new ArgumentOutOfRangeException(nameof(overload), overload, "This is no overload policy.");
        var loop = Loop();
        var subscription = new Subscription(
            pattern,
            ended => Do((client, _) => client.Bus.Unsubscribe(_events.Forget(ended))),
            (read, bytes) => Do((client, _) => client.Bus.Consume(read.Id, bytes)));
        loop.Post((client, now) =>
        {
            if (_events.TryAdd(subscription))
                subscription.Id = client.Bus.Subscribe(name, (OverloadPolicy)overload, []);
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

    private static byte[] BytesOf(string name, Func<ReadOnlySpan<byte>, SubjectFault> check, string argument)
    {
        ArgumentNullException.ThrowIfNull(name, argument);
        var bytes = Encoding.UTF8.GetBytes(name);
        return check(bytes) is SubjectFault.None ? bytes : throw new ArgumentException(NameFaults.Describe(check(bytes), argument), argument);
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
