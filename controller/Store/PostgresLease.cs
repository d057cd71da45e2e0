using Npgsql;

namespace WeCan.Controller.Store;

/// <summary>
/// Who leads the controllers that share a database: one row, with the holder's name, a token that grows with each new holder, and an end
/// by the database's clock alone. On a connection of its own, made anew after a failure. One caller at a time.
/// </summary>
internal sealed class PostgresLease(PostgresDoor door, string holder, TimeSpan life) : IDisposable
{
    /// <summary>The rule of the lease's row that a transaction under another token would break.</summary>
    public const string Rule = "lease_is_held";

    private NpgsqlConnection? _connection;

    /// <summary>Makes the lease's table where there is none; nobody holds it then.</summary>
    public void Make() => Ask<object>(
        $"""
        SELECT pg_advisory_lock(4700);
        CREATE TABLE IF NOT EXISTS lease (one BIGINT PRIMARY KEY CHECK (one = 1), schema BIGINT NOT NULL, token BIGINT NOT NULL, commits BIGINT NOT NULL CONSTRAINT {Rule} CHECK (commits >= 0), holder TEXT NOT NULL, expires TIMESTAMPTZ NOT NULL);
        INSERT INTO lease (one, schema, token, commits, holder, expires) VALUES (1, 0, 0, 0, '', 'epoch') ON CONFLICT DO NOTHING;
        SELECT pg_advisory_unlock(4700)
        """);

    /// <summary>The token of a new leadership; null while another controller holds the lease.</summary>
    public long? TryTake() => Ask<long?>("UPDATE lease SET token = token + 1, holder = $1, expires = clock_timestamp() + $2 WHERE expires <= clock_timestamp() RETURNING token", holder, life);

    /// <summary>False where another controller has taken it since.</summary>
    public bool Renew(long token) => Ask<long?>("UPDATE lease SET expires = clock_timestamp() + $2 WHERE token = $1 RETURNING token", token, life) is not null;

    /// <summary>Gives it back, so that another controller takes over at once.</summary>
    public void Release(long token) => Ask<long?>("UPDATE lease SET expires = 'epoch' WHERE token = $1 RETURNING token", token);

    /// <summary>Who held it last.</summary>
    public string Holder() => Ask<string>("SELECT holder FROM lease") ?? "";

    public void Dispose() => Close();

    private T? Ask<T>(string text, params object[] values)
    {
        try
        {
            _connection ??= door.Open();
            using var command = new NpgsqlCommand(text, _connection);
            foreach (var value in values)
                command.Parameters.Add(new() { Value = value });
            return (T?)command.ExecuteScalar();
        }
        catch (Exception failure) when (PostgresDoor.IsFailure(failure))
        {
            Close();
            throw door.Explain(failure);
        }
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
