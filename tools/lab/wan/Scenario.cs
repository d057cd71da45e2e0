using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace WeCan.Lab.Wan;

/// <summary>
/// A bad network as an immutable value: hosts, how each ordered pair starts out, and what changes when. Read from the
/// language of wanlab.c and its extensions in README.md; a <see cref="WanNetwork"/> runs it. Reading never throws on any
/// text by <see cref="TryParse"/>, and with the same words by <see cref="Parse"/>, for text that the caller wrote.
/// </summary>
public sealed class Scenario
{
    private readonly ImmutableArray<LinkSettings> _paths;

    internal Scenario(
        string name, ulong seed, int mtu, ImmutableArray<ScenarioHost> hosts, ImmutableArray<LinkSettings> paths, ImmutableArray<TimedChange> changes)
    {
        Name = name;
        Seed = seed;
        Mtu = mtu;
        Hosts = hosts;
        _paths = paths;
        Changes = changes;
    }

    /// <summary>The file it was read from, or what the caller called it.</summary>
    public string Name { get; }

    public ulong Seed { get; }

    /// <summary>Largest IP packet that any host can send.</summary>
    public int Mtu { get; }

    public ImmutableArray<ScenarioHost> Hosts { get; }

    /// <summary>In the order in which they happen; those of one time in the order of their lines.</summary>
    public ImmutableArray<TimedChange> Changes { get; }

    public static bool TryParse(string text, string name, [NotNullWhen(true)] out Scenario? scenario, [NotNullWhen(false)] out ScenarioError? error)
    {
        scenario = new ScenarioParser(name).Read(text ?? "", out error);
        return scenario is not null;
    }

    /// <exception cref="FormatException">The text is no scenario; the message says where and why.</exception>
    public static Scenario Parse(string text, string name = "scenario") =>
        TryParse(text, name, out var scenario, out var error) ? scenario : throw new FormatException(error.ToString());

    /// <summary>How the way from one host to another starts out.</summary>
    public LinkSettings Path(int from, int to) => _paths[(from * Hosts.Length) + to];

    /// <summary>The number of the host of this name, or -1.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Hosts.Length; i++)
        {
            if (Hosts[i].Name == name)
                return i;
        }

        return -1;
    }

    /// <summary>Reads one default, link, path or host line that may happen while the scenario runs, without its time.</summary>
    public bool TryParseChange(string line, [NotNullWhen(true)] out ScenarioChange? change, [NotNullWhen(false)] out string? error) =>
        StatementReader.TryReadChange(StatementReader.Split(line ?? ""), IndexOf, out change, out error);

    /// <exception cref="FormatException">The line is no such statement; the message says why.</exception>
    public ScenarioChange ParseChange(string line) =>
        TryParseChange(line, out var change, out var error) ? change : throw new FormatException($"{line}: {error}");
}
