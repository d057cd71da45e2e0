using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WeCan.Programs;

/// <summary>
/// A PostgreSQL server of one's own, in a folder that is gone with it, on a port of loopback: of the programs that Debian's package puts
/// on a machine, whatever server runs there already. It refuses to run as root, and runs as that package's user then.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Programs = "/usr/lib/postgresql";
    private const string User = "postgres";

    /// <summary>The one role of the server's that has to say a password, where somebody makes it; all others need none.</summary>
    public const string GuardedRole = "guarded";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("wecan-postgres-").FullName;
    private readonly string _programs;
    private readonly int _port;
    private RunningProgram? _server;

    private PostgresServer(string programs)
    {
        _programs = programs;
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        _port = ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    /// <summary>Where this machine has the programs; null where it has none.</summary>
    public static string? Found =>
        Directory.Exists(Programs)
            ? Directory.GetDirectories(Programs).Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
            : null;

    /// <exception cref="ProgramException">The programs are missing, or do not what they should.</exception>
    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer(Found ?? throw new ProgramException("PostgreSQL is missing: install the Debian package postgresql."));
        if (IsRoot)
            await RunningProgram.RunAsync(["chown", User, server._folder], Bound);
        await RunningProgram.RunAsync(server.Words("initdb", "--pgdata", server.Data, "--auth", "trust", "--username", "wecan", "--encoding", "UTF8", "--locale", "C", "--no-sync"), Bound);
        var rules = Path.Combine(server.Data, "pg_hba.conf");
        await File.WriteAllTextAsync(rules, $"host all {GuardedRole} all scram-sha-256\n{await File.ReadAllTextAsync(rules)}");
        await server.ResumeAsync();
        return server;
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>How to reach it.</returns>
    public async Task<string> MakeDatabaseAsync()
    {
        var name = $"d{Guid.NewGuid():N}";
        await RunningProgram.RunAsync(Words("createdb", "--host", "127.0.0.1", "--port", Port, "--username", "wecan", name), Bound);
        return $"Host=127.0.0.1;Port={Port};Username=wecan;Database={name}";
    }

    /// <summary>Runs again, with what it had, after <see cref="Kill"/>.</summary>
    public async Task ResumeAsync()
    {
        _server = RunningProgram.Start(Words("postgres", "-D", Data, "-k", _folder, "-h", "127.0.0.1", "-p", Port));
        await _server.LineAsync("ready to accept connections", Bound);
    }

    /// <summary>Ends it without a word to anybody, with all that it has started.</summary>
    public void Kill()
    {
        // The server's own way of falling over: to kill it alone would leave processes that still write.
        _server!.Signal("QUIT");
        _server.EndedAsync(Bound).GetAwaiter().GetResult();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasEnded: false })
            Kill();
        _server?.Dispose();
        await Task.Run(() => Directory.Delete(_folder, recursive: true));
    }

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_folder, "data");

    private string Port => _port.ToString(CultureInfo.InvariantCulture);

    private string[] Words(string program, params string[] arguments)
    {
        string[] words = [Path.Combine(_programs, program), .. arguments];
        return IsRoot ? ["setpriv", "--reuid", User, "--regid", User, "--clear-groups", .. words] : words;
    }
}
