namespace WeCan.Programs;

/// <summary>How a program is started, beyond its words.</summary>
public sealed record ProgramOptions
{
    public static readonly ProgramOptions None = new();

    /// <summary>Set in its environment beside what this process has.</summary>
    public IEnumerable<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>Whether its standard input stays open until it is disposed of, for programs that end with it; else it is at its end from the start.</summary>
    public bool KeepsInput { get; init; }

    /// <summary>Told each line that it says, of output and errors, one after the other.</summary>
    public Action<string>? OnLine { get; init; }
}
