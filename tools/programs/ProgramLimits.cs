namespace WeCan.Programs;

/// <summary>Bounds of what is kept of a program that runs beside this one.</summary>
public static class ProgramLimits
{
    /// <summary>Lines that are remembered; of a program that says more, the oldest are forgotten.</summary>
    public const int LinesKept = 20_000;

    /// <summary>Lines that a message quotes.</summary>
    public const int LinesTold = 100;

    /// <summary>From being asked to end until it is killed: longer than any daemon drains.</summary>
    public static readonly TimeSpan EndBound = TimeSpan.FromSeconds(15);
}
