using WeCan.Lab.Options;
using WeCan.Lab.Reports;
using WeCan.Lab.View;
using WeCan.Programs;

namespace WeCan.Lab.Run;

/// <summary>The lab as a command: reads its options, makes one run, says what came out, and gives the exit code.</summary>
internal static class LabCommand
{
    private const int Passed = 0;
    private const int Failed = 1;
    private const int BadUsage = 2;
    private const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (!OptionsReader.TryRead(arguments, out var options, out var error))
        {
            await Console.Error.WriteLineAsync(error);
            return BadUsage;
        }

        if (options.IsHelp)
        {
            Console.WriteLine(OptionsReader.Help);
            return Passed;
        }

        using var interrupt = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            interrupt.Cancel();
        };
        try
        {
            return await RunAsync(options, interrupt.Token);
        }
        catch (Exception failure) when (failure is LabException or ProgramException)
        {
            await Console.Error.WriteLineAsync(Ink.ForTerminal.Bad(failure.Message));
            return interrupt.IsCancellationRequested ? Interrupted : Failed;
        }
    }

    private static async Task<int> RunAsync(LabOptions options, CancellationToken interrupted)
    {
        await using var run = new LabRun(options, WatcherFor(options));
        try
        {
            var end = await run.RunAsync(interrupted);
            var broken = LabCheck.Broken(end, options.Plan, options.Scenario, run.LateSeconds);
            if (options.IsJson)
                Console.WriteLine(LabJson.Write(new(end.Seconds, run.StartTime.TotalSeconds, options.Impairment, broken.Count == 0, broken, end.Nodes, end.Flows, end.Events)));
            else
                Print(options, run, end, broken);
            if (interrupted.IsCancellationRequested)
                return Interrupted;
            if (!options.IsCheck || broken.Count == 0)
                return Passed;
        }
        catch (Exception failure) when (failure is LabException or ProgramException)
        {
            run.KeepLogs();
            await Console.Error.WriteLineAsync($"The logs are in {run.Logs}.");
            throw;
        }

        run.KeepLogs();
        await Console.Error.WriteLineAsync($"The logs are in {run.Logs}.");
        return Failed;
    }

    private static IRunWatcher WatcherFor(LabOptions options)
    {
        if (options.IsJson)
            return new SilentWatcher();
        return Console.IsOutputRedirected ? new LineWatcher(options) : new TerminalWatcher(options);
    }

    private static void Print(LabOptions options, LabRun run, LabSnapshot end, IReadOnlyList<string> broken)
    {
        var ink = Ink.ForTerminal;
        Console.WriteLine();
        foreach (var line in Summary.Lines(end))
            Console.WriteLine(line);
        foreach (var route in run.Routes)
            Console.WriteLine(ink.Dim(route));
        if (!options.IsCheck)
            return;
        Console.WriteLine(broken.Count == 0 ? ink.Good("check passed") : ink.Bad("check failed"));
        foreach (var sentence in broken)
            Console.WriteLine($"  {sentence}");
        if (LabCheck.Excuse(end, run.LateSeconds) is { } excuse)
            Console.WriteLine($"  {excuse}");
    }
}
