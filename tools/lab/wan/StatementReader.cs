using System.Diagnostics.CodeAnalysis;

namespace WeCan.Lab.Wan;

/// <summary>Reads the statements that may stand in a file and also happen later: default, link, path, and a host's state.</summary>
internal static class StatementReader
{
    public static string[] Split(string line)
    {
        var comment = line.IndexOf('#', StringComparison.Ordinal);
        var statement = comment < 0 ? line : line[..comment];
        return statement.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }

    /// <param name="find">Gives a host's number by its name, or -1.</param>
    public static bool TryReadChange(
        ReadOnlySpan<string> tokens, Func<string, int> find, [NotNullWhen(true)] out ScenarioChange? change, [NotNullWhen(false)] out string? error)
    {
        change = null;
        switch (tokens.Length == 0 ? "" : tokens[0])
        {
            case "default":
                if (LinkKeys.TryRead(tokens[1..], out var patch, out error))
                    change = new(ScenarioChangeKind.Default, Patch: patch);
                break;
            case "link":
                change = ReadPair(ScenarioChangeKind.Link, tokens, find, out error);
                break;
            case "path":
                change = ReadPair(ScenarioChangeKind.Path, tokens, find, out error);
                break;
            case "host":
                change = ReadHostState(tokens, find, out error);
                break;
            case "":
                error = "there is no statement: write a link, path, default or host line";
                break;
            default:
                error = $"'{tokens[0]}' cannot happen later: only default, link, path and host lines can";
                break;
        }

        return error is null && change is not null;
    }

    public static string UnknownHost(string name) => $"there is no host '{name}': name it with 'host {name} IPV4'";

    private static ScenarioChange? ReadPair(ScenarioChangeKind kind, ReadOnlySpan<string> tokens, Func<string, int> find, out string? error)
    {
        if (tokens.Length < 3)
        {
            error = $"a {tokens[0]} needs two hosts: write '{tokens[0]} A B KEY VALUE …'";
            return null;
        }

        var first = find(tokens[1]);
        var second = find(tokens[2]);
        if (first < 0 || second < 0)
        {
            error = UnknownHost(first < 0 ? tokens[1] : tokens[2]);
            return null;
        }

        if (first == second)
        {
            error = $"a {tokens[0]} from '{tokens[1]}' to itself: name two hosts";
            return null;
        }

        return LinkKeys.TryRead(tokens[3..], out var patch, out error) ? new(kind, first, second, patch) : null;
    }

    private static ScenarioChange? ReadHostState(ReadOnlySpan<string> tokens, Func<string, int> find, out string? error)
    {
        error = null;
        ScenarioChangeKind? kind = tokens.Length != 3 ? null : tokens[2] switch
        {
            "up" => ScenarioChangeKind.HostUp,
            "down" => ScenarioChangeKind.HostDown,
            "crash" => ScenarioChangeKind.Crash,
            "restart" => ScenarioChangeKind.Restart,
            _ => null,
        };
        if (kind is null)
        {
            error = "a host changes by 'host NAME up', 'down', 'crash' or 'restart'; its address and drift hold for the whole run";
            return null;
        }

        var host = find(tokens[1]);
        if (host >= 0)
            return new(kind.Value, host);
        error = UnknownHost(tokens[1]);
        return null;
    }
}
