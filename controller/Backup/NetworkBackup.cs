using System.Text;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Store;
using WeCan.Hosting.Certificates;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Files;

namespace WeCan.Controller.Backup;

/// <summary>
/// Everything of a network in one file: the authority with its key, this controller's certificate, and the store as it stands
/// between two steps, whether the controller runs or not. It is as secret as the authority's key.
/// </summary>
internal static class NetworkBackup
{
    private const string StoreName = "state.db";
    private const string DatabaseName = "database";

    public static async Task<string> MakeAsync(DataFolder folder, string to, string? passphrase, TimeProvider time, CancellationToken cancellation)
    {
        folder.RequireNetwork();
        if (File.Exists(to))
            throw new DaemonException($"There is a file {to} already: name another, as a backup replaces nothing.", ExitCodes.Usage);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using var copy = new StoreFile(folder);
        var answer = await AdminClient.RunAsync(folder, new("backup", new Dictionary<string, string>(StringComparer.Ordinal) { ["path"] = copy.Path }), cancellation);
        if (!answer.IsDone)
            throw new DaemonException(answer.Text, ExitCodes.Io);
        files[StoreName] = ReadAll(copy.Path);
        foreach (var path in folder.Pems.Where(File.Exists))
            files[Path.GetFileName(path)] = ReadAll(path);
        if (folder.IsShared)
            files[DatabaseName] = ReadAll(folder.Database);
        var archive = BackupArchive.Write(files, time.GetUtcNow());
        AtomicFile.Write(to, passphrase is null ? archive : BackupSeal.Seal(archive, passphrase));
        using var store = SqliteStore.Open(copy.Path);
        var state = store.Load();
        return $"{to} holds the network {state.Network!.Name} with {state.Members.Count} members at {VersionOf(state)}."
            + (passphrase is null ? "\nIt holds the authority's key in the clear: who has it can make himself a member. Keep it as you keep that key, or use --passphrase-file." : "");
    }

    /// <summary>Puts a backup into a folder that holds no network. The store comes last: without it there is none.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="from">The backup.</param>
    /// <param name="passphrase">Under which it is sealed, if it is.</param>
    /// <param name="database">How to reach an empty database that is to be the store; null for a file in the folder.</param>
    public static string Restore(DataFolder folder, string from, string? passphrase, string? database = null)
    {
        var files = Begin(folder, from, passphrase);
        PutPems(folder, files);
        using var beside = new StoreFile(folder);
        AtomicFile.Write(beside.Path, files[StoreName]);
        ControllerState state;
        using (var store = SqliteStore.Open(beside.Path))
            state = store.Load();
        var told = Tell(state, from);
        if (database is null)
        {
            File.Move(beside.Path, folder.Store);
            return told;
        }

        using (var access = StoreAccess.OpenEmpty(new(database, "The file")))
            access.Store.Commit(StoreTransaction.Of(state));
        StoreAccess.Name(folder, database);
        return told;
    }

    /// <summary>Makes another controller of a network whose store is shared: with the same authority, and a certificate of its own.</summary>
    public static string Join(DataFolder folder, string controller, string from, string? passphrase, DateTimeOffset now)
    {
        var files = Begin(folder, from, passphrase);
        if (!files.TryGetValue(DatabaseName, out var database))
            throw new DaemonException($"The network in {from} has its store in a file, which one controller has for itself: restore it with --database-file into a PostgreSQL database first.", ExitCodes.Config);
        PutPems(folder, files);
        using (var authority = folder.LoadAuthority())
            NetworkInit.IssueOwn(folder, authority, controller, now);
        StoreAccess.Name(folder, Encoding.UTF8.GetString(database).Trim());
        return $"This is the controller {controller} now, of the network in the database {StoreAccess.DoorOf(folder).Name}. Name it with its address at \"controllers\" of all controllers, and start it.";
    }

    private static Dictionary<string, byte[]> Begin(DataFolder folder, string from, string? passphrase)
    {
        if (folder.HasNetwork)
            throw new DaemonException($"There is a network in {folder.Path} already: name another folder with --data, or move what is there away.", ExitCodes.Config);
        var files = Open(from, passphrase);
        folder.Make();
        return files;
    }

    private static void PutPems(DataFolder folder, Dictionary<string, byte[]> files)
    {
        foreach (var path in folder.Pems)
        {
            if (files.TryGetValue(Path.GetFileName(path), out var content))
                AtomicFile.Write(path, content, path.EndsWith(".key", StringComparison.Ordinal) ? AtomicFile.OwnerOnly : AtomicFile.ReadableByAll);
            else
                File.Delete(path);
        }

        folder.LoadAuthority().Dispose();
        folder.LoadOwn().Dispose();
    }

    private static Dictionary<string, byte[]> Open(string from, string? passphrase)
    {
        var file = ReadAll(from);
        if (BackupSeal.IsSealed(file))
        {
            if (passphrase is null)
                throw new DaemonException($"{from} is sealed under a passphrase: name the file that holds it with --passphrase-file.", ExitCodes.Usage);
            file = BackupSeal.TryOpen(file, passphrase) ?? throw new DaemonException($"{from} cannot be opened: the passphrase is another one, or the file is damaged.", ExitCodes.Io);
        }

        return BackupArchive.TryRead(file) is { } files && files.ContainsKey(StoreName)
            ? files
            : throw new DaemonException($"{from} is no backup of a controller: name a file that \"wecan-controller backup\" has made.", ExitCodes.Io);
    }

    private static string Tell(ControllerState state, string from)
    {
        var network = state.Network ?? throw new DaemonException($"The store in {from} holds no network: take another backup.", ExitCodes.Io);
        var text = new StringBuilder($"The network {network.Name} with {state.Members.Count} members at {VersionOf(state)} is restored.");
        if (state.Changes.Count > 0)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\nThe last change in it is of {state.Changes[^1].At}. Nodes that came later have to enrol anew, and nodes that were revoked later are members again: look at \"wecan-controller node list\".");
        return text.ToString();
    }

    private static string VersionOf(ControllerState state) => $"version {(state.Changes.Count > 0 ? state.Changes[^1].Version : state.Base).Number}";

    private static byte[] ReadAll(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= BackupLimits.FileBytes ? File.ReadAllBytes(path) : throw new DaemonException($"{path} is larger than any backup: is it the right file?", ExitCodes.Io);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DaemonException($"{path} cannot be read: {failure.Message}", failure is UnauthorizedAccessException ? ExitCodes.NoPermission : ExitCodes.Io, failure);
        }
    }

    /// <summary>A store beside the real one, gone afterwards with what SQLite puts beside it.</summary>
    private sealed class StoreFile(DataFolder folder) : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(folder.Path, $"state.{Guid.NewGuid():N}.db");

        public void Dispose()
        {
            foreach (var end in (string[])["", "-wal", "-shm"])
                File.Delete(Path + end);
        }
    }
}
