using WeCan.MessageBus;

namespace WeCan.Bench.Bus;

/// <summary>A client of the bus, by the client library as users have it: many publishes on their way at a time, each awaited.</summary>
internal sealed class WeCanEnd(string address, string token) : IBusEnd
{
    private readonly MessageBus.Bus _bus = new(new() { Edge = EdgeAddress.Parse(address), Token = token });
    private readonly Queue<ValueTask> _sent = new();

    public void Publish(string subject, ReadOnlyMemory<byte> payload)
    {
        // The library writes the payload later, and the caller's is his to change.
        _sent.Enqueue(_bus.PublishAsync(subject, payload.ToArray()));
        while (_sent.Count > BusLimits.PublishesAtOnce || (_sent.TryPeek(out var first) && first.IsCompleted))
            _sent.Dequeue().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>The bus sends by itself.</summary>
    public void Flush()
    {
    }

    public void Subscribe(string subject, PayloadTaker take)
    {
        var subscription = _bus.SubscribeAsync(subject, new() { Overload = Overload.PushBack }).AsTask().GetAwaiter().GetResult();
        _ = Task.Run(() => ReadAsync(subscription, take));
    }

    public void Dispose() => _bus.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static async Task ReadAsync(Subscription subscription, PayloadTaker take)
    {
        await foreach (var message in subscription)
            take(message.Payload.Span);
    }
}
