using System.Net.Sockets;
using Npgsql;

namespace WeCan.Controller.Store;

/// <summary>How to reach the database of a network: opens connections that are bounded in time, and puts what fails into a sentence.</summary>
internal sealed class PostgresDoor
{
    /// <summary>How Npgsql says that it was told none; it has no number for that.</summary>
    private const string NoPassword = "No password has been provided";

    /// <summary>
    /// A controller whose machine is gone in the midst of a message holds its locks for three seconds and no longer.
    /// </summary>
    private static readonly string SessionSettings =
        $"-c idle_in_transaction_session_timeout=10000 -c statement_timeout={StoreLimits.DatabaseStatement.TotalMilliseconds:0} -c tcp_keepalives_idle=1 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2 -c client_min_messages=warning";

    private readonly string _connection;
    private readonly string _from;

    /// <param name="text">A connection string: "Host=…;Database=…;Username=…;Password=…".</param>
    /// <param name="from">Where it is written, for people.</param>
    /// <exception cref="StoreException">It is none.</exception>
    public PostgresDoor(string text, string from)
    {
        _from = from;
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(text.Trim());
            Name = $"{settings.Database ?? settings.Username} at {settings.Host}:{settings.Port}";
            if (string.IsNullOrEmpty(settings.Host))
                throw new ArgumentException("it names no host");
            (settings.Pooling, settings.CancellationTimeout) = (false, 500);
            (settings.Timeout, settings.CommandTimeout) = ((int)StoreLimits.DatabaseOpens.TotalSeconds, (int)StoreLimits.DatabaseAnswer.TotalSeconds);
            (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (true, StoreLimits.DatabaseKeepAlive, 1);

            // Where nobody asks for it: Npgsql tries each connection that fails once more without, in what is left of its time. If that is less
            // than a millisecond it waits for ever, as zero milliseconds mean that to a socket.
            if (settings.GssEncryptionMode == GssEncryptionMode.Prefer)
                settings.GssEncryptionMode = GssEncryptionMode.Disable;
            settings.Options = $"{settings.Options} {SessionSettings}".Trim();
            settings.ApplicationName ??= "wecan-controller";
            _connection = settings.ConnectionString;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            throw new StoreException($"There is no connection string that can be read in {from} ({wrong.Message}): write one as Host=db.example.org;Database=wecan;Username=wecan;Password=…", wrong) { IsConfiguration = true };
        }
    }

    /// <summary>For people: the database and its server, without a secret.</summary>
    public string Name { get; }

    /// <exception cref="StoreException">The database cannot be reached, or keeps nothing safely.</exception>
    public NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(_connection);
        try
        {
            connection.Open();
            using var command = new NpgsqlCommand("SELECT set_config('synchronous_commit', 'on', false) FROM (SELECT 1) one WHERE current_setting('synchronous_commit') IN ('off', 'local'); SELECT current_setting('fsync')", connection);
            using var answer = command.ExecuteReader();
            answer.NextResult();
            if (answer.Read() && answer.GetString(0) != "on")
                throw new StoreException($"The database {Name} keeps nothing safely, as its server runs with fsync off: turn that on.");
            return connection;
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            connection.Dispose();
            throw Explain(failure);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>To wait would not help.</summary>
    private StoreException NotLetIn(string why, Exception failure) =>
        new($"The database {Name} does not let this controller in ({why}): correct the user and password in {_from}.", failure) { IsConfiguration = true };

    /// <summary>How the database and the way to it fail.</summary>
    public static bool IsFailure(Exception failure) => failure is NpgsqlException or SocketException or IOException or TimeoutException or InvalidOperationException or ObjectDisposedException;

    public StoreException Explain(Exception failure) => failure switch
    {
        PostgresException { SqlState: [.. "28", _, _, _] } => NotLetIn(((PostgresException)failure).MessageText, failure),
        NpgsqlException { InnerException: null } asked when asked.Message.StartsWith(NoPassword, StringComparison.Ordinal) => NotLetIn("it asks for a password", failure),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => new($"There is no database {Name}: make it with createdb, or name another in {_from}.", failure) { IsConfiguration = true },
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } => new($"The database {Name} holds no network: make one with \"wecan-controller init --database-file\", or name another.", failure),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new($"The disk of the database {Name} is full: nothing can be changed until there is room.", failure),
        PostgresException { SqlState: [.. "57P0", _] or PostgresErrorCodes.ReadOnlySqlTransaction } => new($"The database {Name} takes nothing now ({((PostgresException)failure).MessageText}): nothing can be changed until it does.", failure),
        PostgresException refused => new($"The database {Name} failed: {refused.MessageText}.", failure),
        _ => new($"The database {Name} does not answer ({failure.GetBaseException().Message.TrimEnd('.')}): nothing can be changed until it does.", failure) { IsSilence = true },
    };
}
