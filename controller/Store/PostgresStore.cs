using Npgsql;

namespace WeCan.Controller.Store;

/// <summary>
/// A store in a PostgreSQL database, which several controllers share. It writes for one leadership only: every transaction changes the
/// lease's row first, by a rule that only its token satisfies, so that a controller that was overtaken without knowing changes nothing.
/// The next leader gets its token behind what was being committed, and loads after that. A transaction is one message, and so it
/// never waits for a controller that hangs.
/// </summary>
internal sealed class PostgresStore(PostgresDoor door, long token) : IControllerStore
{
    private readonly string _fence = $"UPDATE lease SET commits = CASE WHEN token = {token} THEN commits + 1 ELSE -1 END";
    private NpgsqlConnection? _connection;

    public ControllerState Load() => Do(connection =>
    {
        using var work = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
        return new SqlRows(connection).Load();
    });

    /// <summary>The network that is kept there, for who does not lead it.</summary>
    /// <exception cref="StoreException">There is none, or a later program has worked on it.</exception>
    public NetworkRow LoadNetwork() => Do(connection =>
    {
        StoreSchema.RequireKnown(Version(connection), door.Name);
        return new SqlRows(connection).LoadNetwork() ?? throw new StoreException($"The database {door.Name} holds no network: make one with \"wecan-controller init\", or restore a backup.");
    });

    public void Commit(StoreTransaction transaction) => Do(connection =>
    {
        new SqlRows(connection).Write(transaction, _fence);
        return true;
    });

    public void Probe() => Do(connection => Execute(connection, _fence));

    /// <summary>Does the steps that the store is behind this program.</summary>
    /// <exception cref="StoreException">A later program has worked on it, or another controller leads.</exception>
    public void Migrate() => Do(connection =>
    {
        var version = Version(connection);
        StoreSchema.RequireKnown(version, door.Name);
        for (; version < StoreSchema.Version; version++)
            Execute(connection, $"{_fence};\n{StoreSchema.InPostgres((int)version)}\nUPDATE lease SET schema = {version + 1}");
        return version;
    });

    public void Dispose() => Close();

    /// <summary>On a connection that is made anew after a failure.</summary>
    private T Do<T>(Func<NpgsqlConnection, T> work)
    {
        try
        {
            return work(_connection ??= door.Open());
        }
        catch (PostgresException overtaken) when (overtaken.ConstraintName == PostgresLease.Rule)
        {
            throw new StoreException("Another controller leads this network since: what this one would change is refused.", overtaken) { IsFenced = true };
        }
        catch (InvalidDataException problem)
        {
            throw new StoreException($"The database {door.Name} holds what is not one of its rows ({problem.Message}): restore a backup into an empty one.", problem);
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

    private static long Version(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT schema FROM lease", connection);
        return (long)command.ExecuteScalar()!;
    }

    private static int Execute(NpgsqlConnection connection, string text)
    {
        using var command = new NpgsqlCommand(text, connection);
        return command.ExecuteNonQuery();
    }
}
