using System.Text;
using WeCan.Contracts;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Sessions;

namespace WeCan.MessageBus;

/// <summary>Who waits for what of the bus. Called on its loop's thread, but for <see cref="Fail"/>, which is the last.</summary>
internal sealed class BusEvents(ByteGate gate, RequestDesk requests) : IBusClientEvents
{
    private readonly Lock _lock = new();
    private readonly PendingPublishes _publishes = new();
    private readonly Dictionary<uint, Subscription> _subscriptions = [];
    private readonly HashSet<Subscription> _known = [];
    private BusException? _failure;
    private BusException? _refusedRealtime;

    /// <summary>A message was handed over, and whoever published it waits.</summary>
    public void Await(ulong number, int bytes, TaskCompletionSource settled, Completion completion)
    {
        lock (_lock)
        {
            if (_failure is not null)
                settled.TrySetException(_failure);
            else
                _publishes.Add(number, bytes, settled, completion);
        }
    }

    /// <summary>False when it was ended before it began.</summary>
    public bool TryAdd(Subscription subscription)
    {
        lock (_lock)
        {
            if (_failure is not null)
                subscription.Fail(_failure);
            return _failure is null && _known.Add(subscription);
        }
    }

    /// <summary>A subscription has its number.</summary>
    public void Name(Subscription subscription)
    {
        lock (_lock)
        {
            if (_known.Contains(subscription))
                _subscriptions[subscription.Id] = subscription;
        }
    }

    public uint Forget(Subscription subscription)
    {
        lock (_lock)
        {
            _known.Remove(subscription);
            _subscriptions.Remove(subscription.Id);
        }

        return subscription.Id;
    }

    /// <summary>A Realtime message was refused since the last call: nobody waited for it, so it is told to who publishes the next.</summary>
    public void ThrowRefusedRealtime()
    {
        lock (_lock)
        {
            if (_failure is not null)
                throw _failure;
            var refused = _refusedRealtime;
            _refusedRealtime = null;
            if (refused is not null)
                throw refused;
        }
    }

    /// <summary>For good: all who wait are told, and whoever comes.</summary>
    public void Fail(BusException failure)
    {
        lock (_lock)
        {
            if (_failure is not null)
                return;
            _failure = failure;
            gate.Fail(failure);
            requests.Fail(failure);
            _publishes.Fail(failure);
            foreach (var subscription in _known)
                subscription.Fail(failure);
            _known.Clear();
            _subscriptions.Clear();
        }
    }

    public void OnReady(in WelcomeFrame welcome) => requests.SetInbox(welcome.Inbox);

    public void OnSubscribed(uint subscription) => Find(subscription)?.Confirm();

    public void OnEnded(uint subscription)
    {
        if (Find(subscription) is not { } ended)
            return;
        Forget(ended);
        ended.Complete();
    }

    public void OnRefused(FrameKind what, ulong number, RefusalReason reason, ReadOnlySpan<byte> words)
    {
        var failure = new BusException(Encoding.UTF8.GetString(words), (BusError)reason);
        if (what == FrameKind.Subscribe && Find((uint)number) is { } subscription)
        {
            Forget(subscription);
            subscription.Fail(failure);
            return;
        }

        lock (_lock)
        {
            if (number == 0)
                _refusedRealtime = failure;
            else
                _publishes.Refuse(number, failure);
        }
    }

    public void OnMessage(uint subscription, UInt128 publisher, in MessageFrame message) => Find(subscription)?.Deliver(message, new(publisher), deadline: null);

    public void OnRealtime(uint subscription, UInt128 publisher, in MessageFrame message, MonoTime deadline) => Find(subscription)?.Deliver(message, new(publisher), deadline);

    public void OnAccepted(ulong number)
    {
        lock (_lock)
            _publishes.Accept(number);
    }

    public void OnConfirmed(ulong number)
    {
        lock (_lock)
            gate.Leave(_publishes.Confirm(number));
    }

    public void OnGap(uint subscription, ulong missed, GapReason reason) =>
        Find(subscription)?.Miss(new(missed == 0 ? -1 : (long)Math.Min(missed, long.MaxValue / 2), (GapCause)reason));

    public void OnGoodbye(GoodbyeReason reason, ReadOnlySpan<byte> words)
    {
        BusError? failure = reason switch
        {
            GoodbyeReason.TokenEnded => BusError.TokenEnded,
            GoodbyeReason.TokenRevoked => BusError.TokenRevoked,
            GoodbyeReason.OtherRegion => BusError.OtherRegion,
            GoodbyeReason.OtherVersion => BusError.OtherVersion,
            _ => null,
        };
        if (failure is { } error)
            Fail(new(Encoding.UTF8.GetString(words), error));
    }

    private Subscription? Find(uint id)
    {
        lock (_lock)
            return _subscriptions.GetValueOrDefault(id);
    }
}
