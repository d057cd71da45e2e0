using System.CommandLine;

namespace WeCan.Hosting.Daemon;

/// <summary>
/// A command that a daemon's program has beside running, with arguments of its own. It gets the same configuration as the
/// daemon, writes to the console of its <see cref="ParseResult"/>, and returns one of <see cref="ExitCodes"/>; what it
/// throws is told as a failed start is. A group has commands within it, and does nothing by itself.
/// </summary>
public sealed record DaemonCommand<TOptions>(Command Command, Func<TOptions, ParseResult, CancellationToken, Task<int>> Run)
    where TOptions : class
{
    public IReadOnlyList<DaemonCommand<TOptions>> Within { get; private init; } = [];

    public static DaemonCommand<TOptions> Group(Command command, params IReadOnlyList<DaemonCommand<TOptions>> within) =>
        new(command, (_, _, _) => throw new InvalidOperationException("A group of commands is not run.")) { Within = within };
}
