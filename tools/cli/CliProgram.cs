using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using WeCan.Cli.Auth;
using WeCan.Hosting.Daemon;

namespace WeCan.Cli;

/// <summary>The program wecan, from its command line to its exit code. Whatever keeps it from an answer is one sentence on standard error.</summary>
internal static class CliProgram
{
    public static async Task<int> RunAsync(string[] args)
    {
        var version = new Option<bool>("--version") { Description = "Print the version and exit." };
        var options = new CliOptions();
        var root = new Command("wecan", "Inspects a WeCan network by asking its controller: the one of this machine, or the one that --api names.") { new HelpOption(), version, options.Api, options.TokenFile, options.Authority, options.Json };
        root.SetAction(parse =>
        {
            if (parse.GetValue(version))
                Console.Out.WriteLine($"wecan {Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}");
            else
                return Tell($"write what to show or do: {string.Join(", ", root.Subcommands.Select(command => command.Name))}; --help tells more.");
            return ExitCodes.Ok;
        });
        Add(root, options, CliCommands.All());
        Add(root, options, HistoryCommands.Group(), HistoryCommands.All());
        Add(root, options, [HistoryCommands.Quality()]);
        Add(root, options, PolicyCommands.Group(), PolicyCommands.All());
        Add(root, options, MaintenanceCommands.Group(), MaintenanceCommands.All());
        var auth = AuthCommands.Group();
        Add(auth, options, KeyCommands.Group(), KeyCommands.All());
        Add(root, options, auth, AuthCommands.All());
        Add(root, options, SpaceCommands.Group(), SpaceCommands.All());

        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return parse.Errors.Count > 0 ? Tell([.. parse.Errors.Select(error => Plain(error.Message))]) : await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private static void Add(Command parent, CliOptions options, Command group, IEnumerable<(Command Command, Func<CliCall, CancellationToken, Task> Run)> commands)
    {
        Add(group, options, commands);
        group.SetAction(_ => Tell($"write what to do with it: {string.Join(", ", group.Subcommands.Select(command => command.Name))}; {PathOf(group)} --help tells more."));
        parent.Add(group);
    }

    private static void Add(Command parent, CliOptions options, IEnumerable<(Command Command, Func<CliCall, CancellationToken, Task> Run)> commands)
    {
        foreach (var (command, run) in commands)
        {
            command.SetAction((parse, cancellation) => ToldAsync(parse, options, run, cancellation));
            parent.Add(command);
        }
    }

    private static string PathOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : command.Name;

    private static async Task<int> ToldAsync(ParseResult parse, CliOptions options, Func<CliCall, CancellationToken, Task> run, CancellationToken cancellation)
    {
        var client = new Lazy<ApiClient>(() => options.MakeClient(parse));
        try
        {
            await run(new(parse, client, parse.GetValue(options.Json)), cancellation);
            return ExitCodes.Ok;
        }
        catch (DaemonException told)
        {
            Tell(told.Message);
            return told.ExitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
        finally
        {
            if (client.IsValueCreated)
                client.Value.Dispose();
        }
    }

    /// <summary>The parser names a type of .NET where a number was expected; and that an argument is missing, not where one reads which.</summary>
    private static string Plain(string message) =>
        message.IndexOf(" as expected type", StringComparison.Ordinal) is var type and > 0 ? $"{message[..type]}: write a whole number."
        : message.StartsWith("Required argument missing", StringComparison.Ordinal) ? $"{message.TrimEnd('.')}: --help tells what it takes."
        : message;

    private static int Tell(params string[] sentences)
    {
        foreach (var sentence in sentences)
            Console.Error.WriteLine($"wecan: {sentence}");
        return ExitCodes.Usage;
    }
}
