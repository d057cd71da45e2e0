namespace WeCan.MessageBus;

/// <summary>Lets publishers through as long as there is room for what they publish, in the order in which they came. One message is let through alone, however long.</summary>
internal sealed class ByteGate(long most)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(int Bytes, TaskCompletionSource Waits)> _waiting = new();
    private long _held;
    private Exception? _failure;

    public async ValueTask EnterAsync(int bytes, CancellationToken cancellation)
    {
        LinkedListNode<(int Bytes, TaskCompletionSource Waits)> place;
        lock (_lock)
        {
            if (_failure is not null)
                throw _failure;
            if (_waiting.Count == 0 && HasRoom(bytes))
            {
                _held += bytes;
                return;
            }

            place = _waiting.AddLast((bytes, new(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        using var registration = cancellation.Register(() => Abandon(place, cancellation));
        await place.Value.Waits.Task.ConfigureAwait(false);
    }

    public void Leave(long bytes)
    {
        lock (_lock)
        {
            _held -= bytes;
            LetThrough();
        }
    }

    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            _failure = failure;
            foreach (var (_, waits) in _waiting)
                waits.TrySetException(failure);
            _waiting.Clear();
        }
    }

    private bool HasRoom(int bytes) => _held == 0 || _held + bytes <= most;

    private void LetThrough()
    {
        while (_waiting.First is { } first && HasRoom(first.Value.Bytes))
        {
            _waiting.RemoveFirst();
            _held += first.Value.Bytes;
            first.Value.Waits.TrySetResult();
        }
    }

    private void Abandon(LinkedListNode<(int Bytes, TaskCompletionSource Waits)> place, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (place.List is null)
                return;
            _waiting.Remove(place);
            place.Value.Waits.TrySetCanceled(cancellation);
            LetThrough();
        }
    }
}
