using System.CommandLine;
using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Daemon;

/// <summary>
/// Runs a daemon from its command line to its exit code: <c>return await DaemonHost.RunAsync(args, definition);</c> is a whole
/// Program. Whatever keeps it from starting is told on standard error, a sentence for each problem, and ends in one of
/// <see cref="ExitCodes"/>.
/// </summary>
public static class DaemonHost
{
    public static async Task<int> RunAsync<TOptions>(string[] args, DaemonDefinition<TOptions> definition)
        where TOptions : class
    {
        var process = DaemonProcess.Current();
        using (process.Signals)
            return await RunAsync(args, definition, process);
    }

    internal static async Task<int> RunAsync<TOptions>(string[] args, DaemonDefinition<TOptions> definition, DaemonProcess process)
        where TOptions : class
    {
        var loader = new ConfigLoader<DaemonOptions<TOptions>>(definition.Name, read => DaemonOptions<TOptions>.Read(read, definition));
        var line = new DaemonCommandLine<TOptions>(definition, loader.Keys);
        line.Root.SetAction((parse, _) => Told(() => RootAsync(line, parse, loader, definition, process), line, parse, definition, process));
        foreach (var command in definition.Commands)
            Add(line.Root, command);

        var parse = line.Root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Errors.Count > 0)
        {
            Tell(process, definition.Name, string.Join('\n', line.ProblemsOf(parse)));
            return ExitCodes.Usage;
        }

        line.KeepHelpShort(parse);

        // The daemon has signals of its own.
        return await parse.InvokeAsync(new InvocationConfiguration { Output = process.Output, Error = process.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });

        void Add(Command to, DaemonCommand<TOptions> command)
        {
            to.Add(command.Command);
            foreach (var within in command.Within)
                Add(command.Command, within);
            if (command.Within.Count > 0)
                command.Command.SetAction(_ => Choose(process, definition.Name, command));
            else
                command.Command.SetAction((parse, cancellation) => Told(() => RunAsync(command, parse, cancellation), line, parse, definition, process));
        }

        Task<int> RunAsync(DaemonCommand<TOptions> command, ParseResult parse, CancellationToken cancellation) =>
            command.Run(loader.Load(line.InputsOf(parse, process.Variables)).Options.Own, parse, cancellation);
    }

    /// <summary>A group of commands was written, and none of it.</summary>
    private static int Choose<TOptions>(DaemonProcess process, string daemon, DaemonCommand<TOptions> group)
        where TOptions : class
    {
        var name = group.Command.Name;
        Tell(process, daemon, $"{name} does nothing by itself: write {string.Join(" or ", group.Within.Select(command => $"\"{name} {command.Command.Name}\""))}.");
        return ExitCodes.Usage;
    }

    private static async Task<int> RootAsync<TOptions>(
        DaemonCommandLine<TOptions> line, ParseResult parse, ConfigLoader<DaemonOptions<TOptions>> loader, DaemonDefinition<TOptions> definition, DaemonProcess process)
        where TOptions : class
    {
        if (line.IsVersion(parse))
        {
            await process.Output.WriteLineAsync($"{definition.Name} {process.Version}");
            return ExitCodes.Ok;
        }

        var config = loader.Load(line.InputsOf(parse, process.Variables));
        if (line.IsPrint(parse))
        {
            await process.Output.WriteAsync(ConfigPrinter.Print(config.Entries));
            return ExitCodes.Ok;
        }

        if (!line.IsCheck(parse))
            return await DaemonRun<TOptions>.RunAsync(definition, config, loader, process, line.IsDebug(parse));
        foreach (var warning in config.Warnings)
            await process.Error.WriteLineAsync($"{definition.Name}: {warning}");
        await process.Output.WriteLineAsync(config.HasFile ? $"{config.Inputs.File} is valid." : $"There is no {config.Inputs.File}; the configuration is valid without it.");
        return ExitCodes.Ok;
    }

    /// <summary>Runs, and tells what stopped it.</summary>
    private static async Task<int> Told<TOptions>(Func<Task<int>> run, DaemonCommandLine<TOptions> line, ParseResult parse, DaemonDefinition<TOptions> definition, DaemonProcess process)
        where TOptions : class
    {
        try
        {
            return await run();
        }
        catch (Exception failure)
        {
            var (sentence, exitCode) = DaemonFailure.Describe(failure);
            Tell(process, definition.Name, sentence);
            if (line.IsDebug(parse))
                await process.Error.WriteLineAsync(failure.ToString());
            return exitCode;
        }
    }

    private static void Tell(DaemonProcess process, string daemon, string sentences)
    {
        var prefix = Logging.JournalStream.Is(process.Variables, process.ErrorTarget) ? "<3>" : "";
        foreach (var sentence in sentences.Split('\n'))
            process.Error.WriteLine($"{prefix}{daemon}: {sentence}");
        process.Error.Flush();
    }
}
