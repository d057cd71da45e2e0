using Npgsql;

namespace WeCan.Controller.Store;

/// <summary>
/// Who leads the controllers that share a database: one row, with the holder's name, a token that grows with each new holder, and an end
/// by the database's clock alone. On a line of its own, so that it is renewed whatever else is asked of the database.
/// </summary>
internal sealed class PostgresLease(PostgresDoor door, string holder, TimeSpan life) : IDisposable
{
    /// <summary>The rule of the lease's row that a transaction under another token would break.</summary>
    public const string Rule = "lease_is_held";

    private readonly PostgresLine _line = new(door);

    /// <summary>Makes the lease's table where there is none; nobody holds it then.</summary>
    public void Make() => Do(StoreLimits.DatabaseLoad, connection => Ask<object>(
        connection,
        $"""
        SELECT pg_advisory_lock(4700);
        CREATE TABLE IF NOT EXISTS lease (one BIGINT PRIMARY KEY CHECK (one = 1), schema BIGINT NOT NULL, token BIGINT NOT NULL, commits BIGINT NOT NULL CONSTRAINT {Rule} CHECK (commits >= 0), holder TEXT NOT NULL, expires TIMESTAMPTZ NOT NULL);
        INSERT INTO lease (one, schema, token, commits, holder, expires) VALUES (1, 0, 0, 0, '', 'epoch') ON CONFLICT DO NOTHING;
        SELECT pg_advisory_unlock(4700)
        """));

    /// <summary>The token of a new leadership; null while another controller holds the lease.</summary>
    public long? TryTake() => Do(StoreLimits.DatabaseAnswer, TryTake);

    /// <summary>The same beside other things, with who leads where this one does not.</summary>
    public Task<LeaseAnswer> TakeAsync() => DoAsync(connection => TryTake(connection) is { } token ? new LeaseAnswer(token, holder) : new(null, Holder(connection)));

    /// <summary>False where another controller has taken it since.</summary>
    public bool Renew(long token) => Do(StoreLimits.DatabaseAnswer, connection => Renew(connection, token));

    public Task<LeaseAnswer> RenewAsync(long token) => DoAsync(connection => Renew(connection, token) ? new LeaseAnswer(token, holder) : new(null, Holder(connection)));

    /// <summary>Gives it back, so that another controller takes over at once.</summary>
    public void Release(long token) => Do(StoreLimits.DatabaseRelease, connection => Release(connection, token));

    public Task<bool> ReleaseAsync(long token) => DoAsync(connection => Release(connection, token));

    /// <summary>Who held it last.</summary>
    public string Holder() => Do(StoreLimits.DatabaseAnswer, Holder);

    public void Dispose() => _line.Dispose();

    private long? TryTake(NpgsqlConnection connection) =>
        Ask<long?>(connection, "UPDATE lease SET token = token + 1, holder = $1, expires = clock_timestamp() + $2 WHERE expires <= clock_timestamp() RETURNING token", holder, life);

    private bool Renew(NpgsqlConnection connection, long token) =>
        Ask<long?>(connection, "UPDATE lease SET expires = clock_timestamp() + $2 WHERE token = $1 RETURNING token", token, life) is not null;

    private static bool Release(NpgsqlConnection connection, long token) => Ask<long?>(connection, "UPDATE lease SET expires = 'epoch' WHERE token = $1 RETURNING token", token) is not null;

    private static string Holder(NpgsqlConnection connection) => Ask<string>(connection, "SELECT holder FROM lease") ?? "";

    private static T? Ask<T>(NpgsqlConnection connection, string text, params object[] values)
    {
        using var command = new NpgsqlCommand(text, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return (T?)command.ExecuteScalar();
    }

    private T Do<T>(TimeSpan bound, Func<NpgsqlConnection, T> work)
    {
        try
        {
            return _line.Do(bound, work);
        }
        catch (Exception failure) when (PostgresDoor.IsFailure(failure))
        {
            throw door.Explain(failure);
        }
    }

    private async Task<T> DoAsync<T>(Func<NpgsqlConnection, T> work)
    {
        try
        {
            return await _line.DoAsync(StoreLimits.DatabaseAnswer, work);
        }
        catch (Exception failure) when (PostgresDoor.IsFailure(failure))
        {
            throw door.Explain(failure);
        }
    }
}
