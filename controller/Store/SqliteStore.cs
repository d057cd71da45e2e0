using Microsoft.Data.Sqlite;
using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Store;

/// <summary>
/// A store in one SQLite file, in write-ahead mode and synchronised in full: what <see cref="Commit"/> has returned from is on
/// the disk. The file belongs to one process at a time, which holds it locked while it is open.
/// </summary>
internal sealed class SqliteStore : IControllerStore
{
    /// <summary>A disk with less is too full for an empty store.</summary>
    private const long LeastSpace = 128 << 10;

    private readonly SqliteConnection _connection;
    private readonly SqlRows _rows;
    private readonly string _path;

    private SqliteStore(SqliteConnection connection, string path)
    {
        _connection = connection;
        _path = path;
        _rows = new(connection);
    }

    /// <summary>Opens a store, and makes an empty one where there is no file.</summary>
    /// <exception cref="StoreException">The file is no store, of a later version, in use, or cannot be written.</exception>
    public static SqliteStore Open(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
            Check(connection, path);
            Migrate(connection, path);
            return new(connection, path);
        }
        catch (SqliteException problem)
        {
            connection.Dispose();
            throw Explain(problem, path);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public ControllerState Load()
    {
        try
        {
            return _rows.Load();
        }
        catch (SqliteException problem)
        {
            throw Explain(problem, _path);
        }
        catch (InvalidDataException problem)
        {
            throw new StoreException($"The store {_path} holds what is not one of its rows ({problem.Message}): put a backup in its place.", problem);
        }
    }

    public void Probe() => Within(() => Execute(_connection, $"PRAGMA user_version = {StoreSchema.Version}"));

    public void Commit(StoreTransaction transaction) => Within(() => _rows.Write(transaction));

    public void Dispose() => _connection.Dispose();

    private void Within(Action work)
    {
        try
        {
            Execute(_connection, "BEGIN IMMEDIATE");
            work();
            Execute(_connection, "COMMIT");
        }
        catch (SqliteException problem)
        {
            RollBack();
            throw Explain(problem, _path);
        }
    }

    /// <summary>After some failures SQLite has done so by itself, as where the disk is full: then there is nothing to roll back.</summary>
    private void RollBack()
    {
        try
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
                Execute(_connection, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // The first failure is the one to tell.
        }
    }

    private static void Migrate(SqliteConnection connection, string path)
    {
        var version = long.Parse(Ask(connection, "PRAGMA user_version")!, System.Globalization.CultureInfo.InvariantCulture);
        StoreSchema.RequireKnown(version, path);
        for (; version < StoreSchema.Version; version++)
            Execute(connection, $"BEGIN IMMEDIATE;\n{StoreSchema.InSqlite((int)version)}\nPRAGMA user_version = {version + 1};\nCOMMIT;");
    }

    private static void Check(SqliteConnection connection, string path)
    {
        // A file system without shared memory, for one, silently has another mode; what is promised of a commit needs these.
        var modes = $"{Ask(connection, "PRAGMA journal_mode")} {Ask(connection, "PRAGMA synchronous")}";
        if (modes != "wal 2" && new DriveInfo(path).AvailableFreeSpace < LeastSpace)
            throw Full(path, null);
        if (modes != "wal 2")
            throw new StoreException($"The store {path} cannot be kept safely on this file system (it works in mode {modes}): name a folder on a local disk.");
        if (Ask(connection, "PRAGMA quick_check(1)") is not "ok" and var finding)
            throw new StoreException($"The store {path} is corrupt ({finding}): put a backup in its place.");
    }

    private static string? Ask(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar()?.ToString();
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private static StoreException Full(string path, SqliteException? problem) => new($"The disk of {path} is full: nothing can be changed until there is room.", problem);

    private static StoreException Explain(SqliteException problem, string path) => problem.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED =>
            new($"The store {path} is in use by another process: stop that, or ask the controller that runs.", problem) { IsInUse = true },
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB =>
            new($"The store {path} is corrupt or is no store: put a backup in its place.", problem),
        SQLitePCL.raw.SQLITE_FULL => Full(path, problem),
        SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM =>
            new($"The store {path} cannot be opened for writing: name a folder that exists, and that this user may write.", problem),
        _ => new($"The store {path} failed: {problem.Message}.", problem),
    };
}
