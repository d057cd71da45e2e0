using WeCan.Controller.Tests.Store;
using WeCan.Programs;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace WeCan.Controller.Tests.Store;

/// <summary>One PostgreSQL server for all tests of this assembly that need one, started by the first of them.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lock _starting = new();
    private Task<PostgresServer>? _server;

    /// <summary>How to reach an empty database; skips the test that calls it where there is no PostgreSQL.</summary>
    public async Task<string> MakeDatabaseAsync()
    {
        Require();
        lock (_starting)
            _server ??= PostgresServer.StartAsync();
        return await (await _server).MakeDatabaseAsync();
    }

    public static void Require() => Assert.SkipWhen(PostgresServer.Found is null, "PostgreSQL is missing: install the Debian package postgresql.");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await (await _server).DisposeAsync();
    }
}
