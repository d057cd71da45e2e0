using System.Net;
using System.Net.Sockets;
using Npgsql;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Store;

/// <summary>A database that hangs, and nobody who waits for it for longer than is said.</summary>
public sealed class PostgresLineTests(PostgresFixture postgres) : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private readonly ManualResetEventSlim _goesOn = new();

    public void Dispose()
    {
        _goesOn.Set();
        _goesOn.Dispose();
    }

    /// <summary>
    /// Now and then one of them waited for ever, as what was left of its time came to zero milliseconds, which to a socket are no bound.
    /// </summary>
    [Fact]
    public async Task A_server_that_takes_connections_and_says_nothing_keeps_nobody_waiting()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(400);
        var door = new PostgresDoor($"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=a;Database=b", "the test");
        var said = 0;
        var opening = Enumerable.Range(0, 100).Select(number => new Thread(() =>
        {
            for (var tries = 0; tries < 2; tries++)
            {
                if (Assert.Throws<StoreException>(() => door.Open().Dispose()).Message.Contains("does not answer", StringComparison.Ordinal))
                    Interlocked.Increment(ref said);
            }
        })
        { IsBackground = true }).ToList();

        // One after the other: where their times end together they hold each other up, and nothing is left of them.
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(7));
        foreach (var thread in opening)
        {
            thread.Start();
            await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.All(opening, thread => Assert.True(thread.Join(Long), "It waits still."));
        Assert.Equal(200, said);
    }

    [Fact]
    public async Task A_call_that_hangs_is_given_up_and_the_next_one_has_another_connection()
    {
        using var line = new PostgresLine(new(await postgres.MakeDatabaseAsync(), "the test"));
        var first = line.Do(Long, Process);
        Assert.Equal(first, line.Do(Long, Process));
        Assert.Throws<TimeoutException>(() => line.Do(Short, Hang));
        var second = line.Do(Long, Process);
        Assert.NotEqual(first, second);
        await Assert.ThrowsAsync<TimeoutException>(() => line.DoAsync(Short, Hang));
        var third = await line.DoAsync(Long, Process);
        Assert.True(third != first && third != second);
    }

    [Fact]
    public async Task Of_calls_that_hang_there_are_no_more_than_a_few()
    {
        using var line = new PostgresLine(new(await postgres.MakeDatabaseAsync(), "the test"));
        for (var i = 0; i < StoreLimits.CallsGivenUp; i++)
            Assert.Throws<TimeoutException>(() => line.Do(Short, Hang));
        Assert.Contains("calls hang", Assert.Throws<TimeoutException>(() => line.Do(Long, Process)).Message, StringComparison.Ordinal);
        _goesOn.Set();
        Assert.True(SpinWait.SpinUntil(() => Works(line), Long), "It does not work again.");
    }

    private static bool Works(PostgresLine line)
    {
        try
        {
            return line.Do(Long, Process) > 0;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>The server's process behind a connection.</summary>
    private static int Process(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return (int)command.ExecuteScalar()!;
    }

    private int Hang(NpgsqlConnection connection)
    {
        _goesOn.Wait(Long);
        return connection.ProcessID;
    }
}
