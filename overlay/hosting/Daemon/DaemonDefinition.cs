using Microsoft.Extensions.DependencyInjection;
using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Daemon;

/// <summary>
/// What one daemon is, for <see cref="DaemonHost"/> to run: its name, the function that reads its options, and the one that
/// starts its work. Everything that daemons have in common, the host brings.
/// </summary>
public sealed class DaemonDefinition<TOptions>
    where TOptions : class
{
    /// <summary>As the program is called: "wecan-relay". Its configuration is then /etc/wecan/relay.json.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in one line of --help.</summary>
    public required string About { get; init; }

    /// <summary>Reads the options; the keys "log" and "metrics" are the host's.</summary>
    public required Func<ConfigReader, TOptions> Options { get; init; }

    /// <summary>
    /// Starts the work and returns when it stands; the process is told ready then. What must end in order is handed to
    /// <see cref="DaemonContext{TOptions}.OnDrain"/> as soon as it runs. A <see cref="DaemonException"/> is what to throw when
    /// the start fails for a reason that a person can remove.
    /// </summary>
    public required Func<DaemonContext<TOptions>, CancellationToken, Task> Start { get; init; }

    /// <summary>Adds services to the host, which start before <see cref="Start"/> and stop after the drain.</summary>
    public Action<IServiceCollection, TOptions>? Services { get; init; }

    /// <summary>Commands beside running, as "wecan-controller init".</summary>
    public IReadOnlyList<DaemonCommand<TOptions>> Commands { get; init; } = [];

    /// <summary>The port of /metrics on this machine, unless configured otherwise. Each daemon has one of its own.</summary>
    public required int MetricsPort { get; init; }

    internal string ConfigFile => $"/etc/wecan/{(Name.StartsWith("wecan-", StringComparison.Ordinal) ? Name["wecan-".Length..] : Name)}.json";
}
