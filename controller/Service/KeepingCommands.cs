using System.CommandLine;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Backup;
using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Service;

/// <summary>The commands that keep a network alive over the years: backups of it, and new keys for its authority.</summary>
internal static class KeepingCommands
{
    public static IReadOnlyList<DaemonCommand<ControllerSettings>> All { get; } = [Authority(), Backup(), Restore(), Join()];

    public static Option<string> DatabaseFile() =>
        new("--database-file") { Description = "A file with the connection string of an empty PostgreSQL database, for a store that several controllers share.", HelpName = "FILE" };

    public static string? Database(string? file) => file is null ? null : StoreAccess.ReadText(file);

    private static DaemonCommand<ControllerSettings> Authority()
    {
        var lost = new Option<bool>("--force") { Description = "Even if members are lost by it." };
        var anew = new Option<bool>("--force") { Description = "Needed, as every node has to be enrolled anew." };
        return DaemonCommand<ControllerSettings>.Group(
            new("authority", "The key that makes members. All but show need the controller stopped."),
            new(new("show", "Tell who signs, and how far a rotation has come."), (settings, parse, cancellation) => PrintAsync(parse, ShowAsync(new(settings.Data), cancellation))),
            new(new("rotate", "A new key signs from now on, and what the old one signed counts until retire."), (settings, parse, _) => PrintAsync(parse, Task.FromResult(Rotate(new(settings.Data))))),
            new(new("retire", "End a rotation.") { lost }, (settings, parse, _) => PrintAsync(parse, Task.FromResult(Retire(new(settings.Data), parse.GetValue(lost))))),
            new(new("replace", "A new key, and nothing that the old one signed counts any more: for a key that was lost or stolen.") { anew }, (settings, parse, _) =>
                PrintAsync(parse, Task.FromResult(Replace(new(settings.Data), parse.GetValue(anew))))));
    }

    private static async Task<int> PrintAsync(ParseResult parse, Task<string> told)
    {
        await parse.InvocationConfiguration.Output.WriteLineAsync(await told);
        return ExitCodes.Ok;
    }

    private static DaemonCommand<ControllerSettings> Backup()
    {
        var to = new Option<string>("--to") { Description = "The file to write; there must be none of that name.", Required = true, HelpName = "FILE" };
        var passphrase = PassphraseFile();
        return new(new("backup", "Write the network, its authority's key included, into one file. The controller may run.") { to, passphrase }, async (settings, parse, cancellation) =>
        {
            var told = await Explained(() => NetworkBackup.MakeAsync(new(settings.Data), parse.GetRequiredValue(to), Passphrase(parse.GetValue(passphrase), isNew: true), TimeProvider.System, cancellation));
            await parse.InvocationConfiguration.Output.WriteLineAsync(told);
            return ExitCodes.Ok;
        });
    }

    private static DaemonCommand<ControllerSettings> Restore()
    {
        var from = new Option<string>("--from") { Description = "The backup.", Required = true, HelpName = "FILE" };
        var passphrase = PassphraseFile();
        var database = DatabaseFile();
        return new(new("restore", "Put a backup into a data folder that holds no network.") { from, passphrase, database }, async (settings, parse, _) =>
        {
            var told = await Explained(() => Task.FromResult(NetworkBackup.Restore(new(settings.Data), parse.GetRequiredValue(from), Passphrase(parse.GetValue(passphrase), isNew: false), Database(parse.GetValue(database)))));
            await parse.InvocationConfiguration.Output.WriteLineAsync(told);
            return ExitCodes.Ok;
        });
    }

    private static DaemonCommand<ControllerSettings> Join()
    {
        var from = new Option<string>("--from") { Description = "A backup that a controller of the network has made.", Required = true, HelpName = "FILE" };
        var passphrase = PassphraseFile();
        return new(new("join", "Make another controller of a network whose store is a database: the authority and the way to the database come from a backup.") { from, passphrase }, async (settings, parse, _) =>
        {
            var told = await Explained(() => Task.FromResult(NetworkBackup.Join(new(settings.Data), settings.Id, parse.GetRequiredValue(from), Passphrase(parse.GetValue(passphrase), isNew: false), TimeProvider.System.GetUtcNow())));
            await parse.InvocationConfiguration.Output.WriteLineAsync(told);
            return ExitCodes.Ok;
        });
    }

    private static string Rotate(DataFolder folder)
    {
        AuthorityRotation.Rotate(folder, TimeProvider.System);
        return "A new authority signs from now on. Start the controller again: nodes renew their certificates when they connect.\nWhen \"wecan-controller authority show\" says that all have, stop it once more and run \"wecan-controller authority retire\".";
    }

    private static string Retire(DataFolder folder, bool isForced)
    {
        var members = AuthorityRotation.Retire(folder, isForced, TimeProvider.System);
        return $"The outgoing authority counts no more. Start the controller again; the network has {members} members.\nTokens that were made before name the old authority, and let nobody in: make new ones.";
    }

    private static string Replace(DataFolder folder, bool isForced)
    {
        if (!isForced)
            throw new DaemonException("After this every node has to be enrolled anew with a new token; until then it runs on with what it knows. Write --force if the key was lost or stolen, else \"wecan-controller authority rotate\".", ExitCodes.Usage);
        var members = AuthorityRotation.Replace(folder, TimeProvider.System);
        return $"The network has a new authority. Start the controller again, and enrol each of the {members} nodes with a new token; they keep their numbers. Revoke those that are not yours any more.";
    }

    private static async Task<string> ShowAsync(DataFolder folder, CancellationToken cancellation)
    {
        var answer = await Explained(() => AdminClient.RunAsync(folder, new("authority show", new Dictionary<string, string>(StringComparer.Ordinal)), cancellation));
        return answer.IsDone ? answer.Text : throw new DaemonException(answer.Text, ExitCodes.Io);
    }

    private static async Task<T> Explained<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (StoreException problem)
        {
            throw new DaemonException(problem.Message, problem.ExitCode, problem);
        }
    }

    private static Option<string> PassphraseFile() => new("--passphrase-file") { Description = "A file that holds the passphrase under which the backup is sealed.", HelpName = "FILE" };

    /// <summary>Only who chooses a passphrase can choose a longer one.</summary>
    private static string? Passphrase(string? file, bool isNew)
    {
        if (file is null)
            return null;
        try
        {
            var passphrase = File.ReadAllText(file).Trim();
            return !isNew || passphrase.Length >= BackupLimits.LeastPassphrase
                ? passphrase
                : throw new DaemonException($"The passphrase in {file} is shorter than {BackupLimits.LeastPassphrase} letters: take a longer one.", ExitCodes.Usage);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DaemonException($"{file} cannot be read: {failure.Message}", ExitCodes.Io, failure);
        }
    }
}
