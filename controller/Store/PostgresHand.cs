using Npgsql;

namespace WeCan.Controller.Store;

/// <summary>
/// A thread that has a connection to the database for itself, made when it is needed and anew after a failure, and makes one call on it
/// after the other. Who has asked can go on without the answer, as a call may hang for longer than it was told to.
/// </summary>
internal sealed class PostgresHand
{
    private readonly Queue<Action> _calls = [];
    private readonly PostgresDoor _door;
    private NpgsqlConnection? _connection;
    private bool _ends;

    public PostgresHand(PostgresDoor door)
    {
        _door = door;
        new Thread(Run) { IsBackground = true, Name = "database" }.Start();
    }

    /// <summary>Makes a call when those before it have ended. What it throws is in the task.</summary>
    public Task<T> Start<T>(Func<NpgsqlConnection, T> work)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Put(() =>
        {
            try
            {
                answer.SetResult(work(_connection ??= _door.Open()));
            }
            catch (Exception failure)
            {
                answer.SetException(failure);
                Close();
            }
        });
        return answer.Task;
    }

    /// <summary>No further call is made. The thread closes the connection when the last one has ended, whenever that is.</summary>
    public void End()
    {
        lock (_calls)
        {
            _ends = true;
            Monitor.Pulse(_calls);
        }
    }

    private void Put(Action call)
    {
        lock (_calls)
        {
            _calls.Enqueue(call);
            Monitor.Pulse(_calls);
        }
    }

    private void Run()
    {
        while (Take() is { } call)
            call();
        Close();
    }

    /// <summary>Waits for the next call; null where none will come.</summary>
    private Action? Take()
    {
        lock (_calls)
        {
            while (_calls.Count == 0 && !_ends)
                Monitor.Wait(_calls);
            return _calls.TryDequeue(out var call) ? call : null;
        }
    }

    private void Close()
    {
        try
        {
            _connection?.Dispose();
        }
        catch (Exception failure) when (PostgresDoor.IsFailure(failure))
        {
            // It was to be gone, and is.
        }

        _connection = null;
    }
}
