using WeCan.Hosting.Daemon;

namespace WeCan.Hosting.Configuration;

/// <summary>A configuration that a daemon cannot start with: every problem a sentence of its own.</summary>
public sealed class ConfigException(IReadOnlyList<ConfigProblem> problems) : DaemonException(Told(problems), ExitCodes.Config)
{
    public IReadOnlyList<ConfigProblem> Problems { get; } = problems;

    private static string Told(IReadOnlyList<ConfigProblem> problems)
    {
        var told = string.Join('\n', problems.Take(HostingLimits.ProblemsTold));
        return problems.Count > HostingLimits.ProblemsTold ? $"{told}\nand {problems.Count - HostingLimits.ProblemsTold} more." : told;
    }
}
