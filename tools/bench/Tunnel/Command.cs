using WeCan.Programs;

namespace WeCan.Bench.Tunnel;

/// <summary>A program beside this one, with this bench's bounds: run to its end, or left running, watched by what it says, and asked to end.</summary>
internal sealed class Command : IDisposable
{
    private static readonly ProgramOptions KeepsInput = new() { KeepsInput = true };

    private readonly RunningProgram _program;

    private Command(string[] words) => _program = RunningProgram.Start(words, KeepsInput);

    /// <summary>Leaves a program running; its standard input stays open until it is disposed of.</summary>
    public static Command Start(params string[] words) => new(words);

    /// <summary>Runs a program to its end, and returns what it wrote to standard output; throws where it fails.</summary>
    public static string Run(params string[] words) => RunningProgram.RunAsync(words, TimeSpan.FromSeconds(TunnelLimits.Seconds) + TunnelLimits.CommandBound).GetAwaiter().GetResult();

    /// <summary>Waits for the program's own end, and returns what it wrote to standard output.</summary>
    public string Finish(TimeSpan expected) => _program.OutputAsync(expected + TunnelLimits.CommandBound).GetAwaiter().GetResult();

    public void Tell(string line) => _program.Tell(line);

    /// <summary>Waits until it has said a text, and returns the line that holds it.</summary>
    public string Await(string text) => _program.LineAsync(text, TunnelLimits.StartBound).GetAwaiter().GetResult();

    public void Dispose() => _program.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
