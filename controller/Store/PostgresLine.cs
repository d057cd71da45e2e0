using Npgsql;

namespace WeCan.Controller.Store;

/// <summary>
/// A way to the database on which nobody waits for longer than is said: a call that has not ended in time is left to its thread
/// (<see cref="PostgresHand"/>), and the next one gets another thread and another connection. What was given up may still be done, or not.
/// Blocks its caller and no thread of the pool beside it. One caller at a time.
/// </summary>
internal sealed class PostgresLine(PostgresDoor door) : IDisposable
{
    private PostgresHand? _hand;
    private int _givenUp;
    private bool _isDisposed;

    /// <exception cref="TimeoutException">It has not ended in time.</exception>
    public T Do<T>(TimeSpan bound, Func<NpgsqlConnection, T> work)
    {
        var hand = Hand();
        var call = hand.Start(work);
        if (Task.WaitAny([call], bound) < 0)
            throw GiveUp(hand, call, bound);
        return call.GetAwaiter().GetResult();
    }

    /// <summary>The same for who has other things to do meanwhile.</summary>
    /// <exception cref="TimeoutException">It has not ended in time.</exception>
    public async Task<T> DoAsync<T>(TimeSpan bound, Func<NpgsqlConnection, T> work)
    {
        var hand = Hand();
        var call = hand.Start(work);
        await ((Task)call).WaitAsync(bound).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return call.IsCompleted ? await call : throw GiveUp(hand, call, bound);
    }

    public void Dispose()
    {
        _isDisposed = true;
        Interlocked.Exchange(ref _hand, null)?.End();
    }

    private PostgresHand Hand()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Volatile.Read(ref _givenUp) >= StoreLimits.CallsGivenUp)
            throw new TimeoutException($"{StoreLimits.CallsGivenUp} calls hang");
        return _hand ??= new(door);
    }

    private TimeoutException GiveUp(PostgresHand hand, Task call, TimeSpan bound)
    {
        Interlocked.Increment(ref _givenUp);

        // However it ends: nobody asks any more.
        _ = call.ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                Interlocked.Decrement(ref _givenUp);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        if (Interlocked.CompareExchange(ref _hand, null, hand) == hand)
            hand.End();
        return new($"nothing came for {bound.TotalSeconds:0} s");
    }
}
