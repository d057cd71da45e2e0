using Npgsql;

namespace WeCan.Controller.Store;

/// <summary>
/// A store in a PostgreSQL database, which several controllers share. It writes for one leadership only: every transaction changes the
/// lease's row first, by a rule that only its token satisfies, so that a controller that was overtaken without knowing changes nothing.
/// The next leader gets its token behind what was being committed, and loads after that. A transaction is one message, and so it
/// never waits for a controller that hangs. One whose answer did not come may arrive late: it names how many there were before it, and
/// is refused where the state has been loaded since.
/// </summary>
internal sealed class PostgresStore(PostgresDoor door, long token) : IControllerStore
{
    private readonly PostgresLine _line = new(door);

    /// <summary>Transactions that the database has seen, as far as this store's state goes; null until it is known.</summary>
    private long? _commits;

    public ControllerState Load()
    {
        // What is being read is what is known from here on, and not before it is read whole.
        _commits = null;
        var (commits, state) = Do(StoreLimits.DatabaseLoad, connection =>
        {
            using var work = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
            return (Number(connection, "SELECT commits FROM lease"), new SqlRows(connection).Load());
        });
        _commits = commits;
        return state;
    }

    /// <summary>The network that is kept there, for who does not lead it.</summary>
    /// <exception cref="StoreException">There is none, or a later program has worked on it.</exception>
    public NetworkRow LoadNetwork() => Do(StoreLimits.DatabaseAnswer, connection =>
    {
        StoreSchema.RequireKnown(Version(connection), door.Name);
        return new SqlRows(connection).LoadNetwork() ?? throw new StoreException($"The database {door.Name} holds no network: make one with \"wecan-controller init\", or restore a backup.");
    });

    public void Commit(StoreTransaction transaction)
    {
        var before = _commits ?? Touch();
        _commits = null;

        // A number that is not the expected one becomes none, which the row does not take.
        var fence = $"UPDATE lease SET commits = CASE WHEN token <> {token} THEN -1 WHEN commits = {before} THEN commits + 1 END";
        Do(StoreLimits.DatabaseAnswer, connection =>
        {
            new SqlRows(connection).Write(transaction, fence);
            return true;
        });
        _commits = before + 1;
    }

    public void Probe()
    {
        var commits = Touch();
        if (_commits == commits - 1)
            _commits = commits;
    }

    /// <summary>Does the steps that the store is behind this program.</summary>
    /// <exception cref="StoreException">A later program has worked on it, or another controller leads.</exception>
    public void Migrate() => Do(StoreLimits.DatabaseLoad, connection =>
    {
        var version = Version(connection);
        StoreSchema.RequireKnown(version, door.Name);
        for (; version < StoreSchema.Version; version++)
            Number(connection, $"{Fence} RETURNING commits;\n{StoreSchema.InPostgres((int)version)}\nUPDATE lease SET schema = {version + 1}");
        return version;
    });

    public void Dispose() => _line.Dispose();

    /// <summary>What no other leadership's token satisfies.</summary>
    private string Fence => $"UPDATE lease SET commits = CASE WHEN token = {token} THEN commits + 1 ELSE -1 END";

    /// <summary>Waits behind what is being committed, and refuses what would come later of this store.</summary>
    private long Touch() => Do(StoreLimits.DatabaseAnswer, connection => Number(connection, $"{Fence} RETURNING commits"));

    /// <summary>On a connection that is made anew after a failure.</summary>
    private T Do<T>(TimeSpan bound, Func<NpgsqlConnection, T> work)
    {
        try
        {
            return _line.Do(bound, work);
        }
        catch (PostgresException overtaken) when (overtaken.ConstraintName == PostgresLease.Rule)
        {
            throw new StoreException("Another controller leads this network since: what this one would change is refused.", overtaken) { IsFenced = true, Lease = token };
        }
        catch (PostgresException late) when (late is { SqlState: PostgresErrorCodes.NotNullViolation, TableName: "lease" })
        {
            throw new StoreException($"The database {door.Name} has taken a change since that had been given up: what it holds is read anew.", late);
        }
        catch (InvalidDataException problem)
        {
            throw new StoreException($"The database {door.Name} holds what is not one of its rows ({problem.Message}): restore a backup into an empty one.", problem);
        }
        catch (Exception failure) when (PostgresDoor.IsFailure(failure))
        {
            throw door.Explain(failure);
        }
    }

    private static long Version(NpgsqlConnection connection) => Number(connection, "SELECT schema FROM lease");

    private static long Number(NpgsqlConnection connection, string text)
    {
        using var command = new NpgsqlCommand(text, connection);
        return (long)command.ExecuteScalar()!;
    }
}
