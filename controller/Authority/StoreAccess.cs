using WeCan.Controller.Service;
using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Files;

namespace WeCan.Controller.Authority;

/// <summary>
/// The store of a data folder, for a command that has it for itself: the file in the folder, or the database that the folder names, whose
/// lease the command holds until it disposes of this. Refused with <see cref="StoreException.IsInUse"/> while a controller leads.
/// </summary>
internal sealed class StoreAccess : IDisposable
{
    private readonly PostgresLease? _lease;
    private readonly long _token;

    private StoreAccess(IControllerStore store, PostgresLease? lease, long token) => (Store, _lease, _token) = (store, lease, token);

    public IControllerStore Store { get; }

    public static StoreAccess Open(DataFolder folder) =>
        folder.IsShared ? OpenDatabase(DoorOf(folder)) : new(SqliteStore.Open(folder.Store), null, 0);

    public static PostgresDoor DoorOf(DataFolder folder) => new(ReadText(folder.Database), folder.Database);

    /// <summary>A database that holds no network yet, to make one in it.</summary>
    public static StoreAccess OpenEmpty(PostgresDoor door)
    {
        using (var lease = LeaseOf(door))
            lease.Make();
        var access = OpenDatabase(door);
        if (access.Store.Load().Network is not { } network)
            return access;
        access.Dispose();
        throw new DaemonException($"The database {door.Name} holds the network {network.Name} already: name an empty one.", ExitCodes.Config);
    }

    /// <summary>A short text that an operator has written to a file.</summary>
    public static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DaemonException($"{file} cannot be read: {failure.Message}", failure is UnauthorizedAccessException ? ExitCodes.NoPermission : ExitCodes.Io, failure);
        }
    }

    /// <summary>Says in the folder where its store is, from when on the folder has a network.</summary>
    public static void Name(DataFolder folder, string database) => AtomicFile.Write(folder.Database, System.Text.Encoding.UTF8.GetBytes(database + "\n"));

    public void Dispose()
    {
        Store.Dispose();
        try
        {
            _lease?.Release(_token);
        }
        catch (StoreException)
        {
            // It ends by itself.
        }

        _lease?.Dispose();
    }

    private static PostgresLease LeaseOf(PostgresDoor door) => new(door, $"a command on {Environment.MachineName}", ServiceLimits.CommandLease);

    private static StoreAccess OpenDatabase(PostgresDoor door)
    {
        var lease = LeaseOf(door);
        try
        {
            // The lease of a controller that was killed a moment ago still runs for a while.
            var token = lease.TryTake();
            for (var left = ServiceLimits.LeaseLife; token is null && left > TimeSpan.Zero; left -= ServiceLimits.LeaseLook)
            {
                Thread.Sleep(ServiceLimits.LeaseLook);
                token = lease.TryTake();
            }

            if (token is null)
                throw new StoreException($"{lease.Holder()} leads the controllers of this network: ask on its machine, or stop all controllers.") { IsInUse = true };
            var store = new PostgresStore(door, token.Value);
            store.Migrate();
            return new(store, lease, token.Value);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }
}
