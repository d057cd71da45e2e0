using Npgsql;

namespace WeCan.Controller.Store;

/// <summary>
/// A store in a PostgreSQL database, which several controllers share. It writes for one leadership only: every transaction locks the
/// lease's row and looks whether its token still counts, so that a controller that was overtaken without knowing changes nothing.
/// The next leader gets its token behind what was being committed, and loads after that.
/// </summary>
internal sealed class PostgresStore(PostgresDoor door, long token) : IControllerStore
{
    private NpgsqlConnection? _connection;

    public ControllerState Load() => Within("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", isFenced: false, connection => new SqlRows(connection).Load());

    /// <summary>The network that is kept there, for who does not lead it.</summary>
    /// <exception cref="StoreException">There is none, or a later program has worked on it.</exception>
    public NetworkRow LoadNetwork() => Within("BEGIN READ ONLY", isFenced: false, connection =>
    {
        StoreSchema.RequireKnown((long)Ask(connection, "SELECT schema FROM lease")!, door.Name);
        return new SqlRows(connection).LoadNetwork() ?? throw new StoreException($"The database {door.Name} holds no network: make one with \"wecan-controller init\", or restore a backup.");
    });

    public void Commit(StoreTransaction transaction) => Within("BEGIN", isFenced: true, connection =>
    {
        new SqlRows(connection).Write(transaction);
        return true;
    });

    public void Probe() => Within("BEGIN", isFenced: true, connection => Execute(connection, $"UPDATE lease SET token = token WHERE token = {token}"));

    /// <summary>Does the steps that the store is behind this program.</summary>
    /// <exception cref="StoreException">A later program has worked on it, or another controller leads.</exception>
    public void Migrate()
    {
        var version = Within("BEGIN", isFenced: true, connection => (long)Ask(connection, "SELECT schema FROM lease")!);
        StoreSchema.RequireKnown(version, door.Name);
        for (; version < StoreSchema.Version; version++)
        {
            var step = (int)version;
            Within("BEGIN", isFenced: true, connection => Execute(connection, $"{StoreSchema.InPostgres(step)}\nUPDATE lease SET schema = {step + 1}"));
        }
    }

    public void Dispose() => Close();

    /// <summary>In one transaction, on a connection that is made anew after a failure.</summary>
    private T Within<T>(string begin, bool isFenced, Func<NpgsqlConnection, T> work)
    {
        try
        {
            var connection = _connection ??= door.Open();
            Execute(connection, begin);
            if (isFenced && Ask(connection, $"SELECT token FROM lease WHERE token = {token} FOR UPDATE") is null)
                throw new StoreException("Another controller leads this network since: what this one would change is refused.") { IsFenced = true };
            var result = work(connection);
            Execute(connection, "COMMIT");
            return result;
        }
        catch (InvalidDataException problem)
        {
            Close();
            throw new StoreException($"The database {door.Name} holds what is not one of its rows ({problem.Message}): restore a backup into an empty one.", problem);
        }
        catch (Exception failure) when (PostgresDoor.IsFailure(failure))
        {
            Close();
            throw door.Explain(failure);
        }
        catch (StoreException)
        {
            Close();
            throw;
        }
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static int Execute(NpgsqlConnection connection, string text)
    {
        using var command = new NpgsqlCommand(text, connection);
        return command.ExecuteNonQuery();
    }

    private static object? Ask(NpgsqlConnection connection, string text)
    {
        using var command = new NpgsqlCommand(text, connection);
        return command.ExecuteScalar();
    }
}
