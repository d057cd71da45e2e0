using System.CommandLine;
using System.Text;
using WeCan.Contracts.Access;
using WeCan.Contracts.Inspection;
using WeCan.Hosting.Daemon;

namespace WeCan.Cli.Auth;

/// <summary>"wecan auth key": the public keys by which edges know clients' tokens.</summary>
internal static class KeyCommands
{
    public const string Question = "/v1/auth/keys";

    public static Command Group() => new("key", "The public keys that clients' tokens are signed with: add, list, remove.");

    public static IEnumerable<(Command Command, Func<CliCall, CancellationToken, Task> Run)> All()
    {
        yield return Add();
        yield return List();
        yield return Remove();
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Add()
    {
        var file = new Argument<string?>("file") { Description = "The public key, or several, as JSON Web Keys; \"-\" for standard input.", Arity = ArgumentArity.ZeroOrOne };
        var generate = new Option<string?>("--generate") { Description = "Make a new key pair, and keep it in this file, for its owner alone; only its public half is sent.", HelpName = "FILE" };
        var id = new Option<string?>("--kid") { Description = "With --generate, what the key is called [default: made of the space and the key]", HelpName = "NAME" };
        var spaces = new Option<string[]>("--space") { Description = "A space that it signs for; may be given several times [default: those that the file names]", HelpName = "NAME" };
        var all = new Option<bool>("--all-spaces") { Description = "It signs for all spaces." };
        return (new("add", "Let a key sign tokens, beside those that do already. For the role operator.") { file, generate, id, spaces, all }, async (call, cancellation) =>
        {
            var (path, made, names) = (call.Parse.GetValue(file), call.Parse.GetValue(generate), call.Parse.GetValue(spaces) ?? []);
            if (path is null == made is null)
                throw new DaemonException("Name either a file with a public key, or one for a new key pair with --generate.", ExitCodes.Usage);
            if (names.FirstOrDefault(name => !SpaceNames.IsOne(name)) is { } wrong)
                throw new DaemonException($"\"{wrong}\" is no space: a space is 1 to {AccessLimits.MaxSpaceBytes} of a to z, digits, - and _.", ExitCodes.Usage);
            if (made is not null && names.Length == 0 && !call.Parse.GetValue(all))
                throw new DaemonException("For which spaces the key may sign is not said: name them with --space, or write --all-spaces.", ExitCodes.Usage);
            var json = made is null ? ReadPublic(path!) : TokenKeyFile.Write(SigningKeyFile.Generate(made, call.Parse.GetValue(id), names));
            var question = $"{Question}?{(names.Length > 0 ? $"space={string.Join(',', names)}&" : "")}{(call.Parse.GetValue(all) ? "all_spaces=true" : "")}".TrimEnd('?', '&');
            try
            {
                await call.SendAsync(HttpMethod.Post, question, Encoding.UTF8.GetBytes(json), InspectionJson.Default.AuthChangeReport, report => AuthTexts.Change(report) + (made is null ? "" : $"\nIts private half is in {made}: whoever has that can sign tokens."), cancellation);
            }
            catch (Exception) when (made is not null)
            {
                // A key that the controller has not taken is of no use, and one that it took without our hearing so has no private half any more.
                File.Delete(made);
                throw;
            }
        }
        );
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) List()
    {
        var space = new Option<string?>("--space") { Description = "Only those that sign for this space.", HelpName = "NAME" };
        return (new("list", "Show the keys.") { space }, (call, cancellation) =>
            call.ShowAsync(call.Parse.GetValue(space) is { } name ? $"{Question}?space={Uri.EscapeDataString(name)}" : Question, InspectionJson.Default.AuthKeysReport, AuthTexts.Keys, cancellation));
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Remove()
    {
        var id = new Argument<string>("kid") { Description = "What the key is called." };
        return (new("remove", "Let a key sign no more: who came by a token that it signed is let go of within seconds. For the role operator.") { id }, (call, cancellation) =>
            call.SendAsync(HttpMethod.Delete, $"{Question}?kid={Uri.EscapeDataString(call.Parse.GetRequiredValue(id))}", null, InspectionJson.Default.AuthChangeReport, AuthTexts.Change, cancellation));
    }

    /// <summary>What is wrong is found before anything leaves this machine, above all a private key.</summary>
    private static string ReadPublic(string path)
    {
        var text = SigningKeyFile.ReadText(path, ApiLimits.KeySetBytes);
        return TokenKeyFile.TryRead(text, out _, out var problem) ? text : throw new DaemonException($"{path} is not sent: {problem}", ExitCodes.Usage);
    }
}
