using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Daemon;

/// <summary>The command line of a daemon: every key of its configuration as a flag (secrets and lists of objects excepted), and what all daemons have.</summary>
internal sealed class DaemonCommandLine<TOptions>
    where TOptions : class
{
    private readonly List<(string Path, Option Option)> _keys = [];
    private readonly List<string> _secrets;
    private readonly DaemonDefinition<TOptions> _definition;

    private readonly Option<string?> _config;

    private readonly Option<bool> _check = new("--check-config") { Description = "Check the configuration, tell every problem, and exit with 0 or 78." };
    private readonly Option<bool> _print = new("--print-config") { Description = "Print the effective configuration with the origin of each value, without secrets, and exit." };
    private readonly Option<bool> _version = new("--version") { Description = "Print the version and exit." };
    private readonly Option<bool> _debug = new("--debug") { Description = "Log from debug on, and show where a failure came from.", Recursive = true };

    public DaemonCommandLine(DaemonDefinition<TOptions> definition, IReadOnlyList<ConfigEntry> keys)
    {
        _definition = definition;
        _secrets = [.. keys.Where(key => key.IsSecret && !key.Path.Contains('[')).Select(key => ConfigLayers.FlagOf(key.Path))];
        _config = new("--config") { Description = $"The configuration, JSON with comments; its keys are flags too, see \"{definition.Name} --help\" [default: {definition.ConfigFile}]", HelpName = "FILE", Recursive = true };
        Root = new Command(definition.Name, definition.About) { new HelpOption(), _version, _config, _check, _print, _debug };
        foreach (var key in keys.Where(key => !key.IsSecret && !key.Path.Contains('[')))
        {
            Option option = key.IsList ? new Option<string[]>(ConfigLayers.FlagOf(key.Path)) : new Option<string>(ConfigLayers.FlagOf(key.Path));
            option.Description = $"{About(key)} ({key.KindName})";
            option.HelpName = PlaceOf(key);
            option.Arity = key.IsSwitch ? ArgumentArity.ZeroOrOne : key.IsList ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne;
            option.Recursive = true;
            _keys.Add((key.Path, option));
            Root.Add(option);
        }
    }

    public Command Root { get; }

    public bool IsCheck(ParseResult parse) => parse.GetValue(_check);

    public bool IsPrint(ParseResult parse) => parse.GetValue(_print);

    public bool IsVersion(ParseResult parse) => parse.GetValue(_version);

    public bool IsDebug(ParseResult parse) => parse.GetValue(_debug);

    public ConfigInputs InputsOf(ParseResult parse, IReadOnlyDictionary<string, string> variables)
    {
        var flags = new List<KeyValuePair<string, string>>();
        foreach (var (path, option) in _keys)
        {
            if (parse.GetResult(option) is { Implicit: false } given)
                flags.Add(new(path, given.Tokens.Count == 0 ? "true" : string.Join(',', given.Tokens.Select(token => token.Value))));
        }

        var file = parse.GetValue(_config);
        return new ConfigInputs(file ?? _definition.ConfigFile, FileMustExist: file is not null) { Variables = [.. variables], Flags = flags };
    }

    /// <summary>What is wrong with a command line, a sentence each.</summary>
    public IEnumerable<string> ProblemsOf(ParseResult parse)
    {
        string[] flags = [.. Root.Options.SelectMany(option => option.Aliases.Append(option.Name))];
        // What stands behind an unknown flag is most likely its value.
        var flagLike = parse.UnmatchedTokens.Where(token => token.StartsWith('-')).ToList();
        foreach (var token in flagLike.Count > 0 ? flagLike : parse.UnmatchedTokens)
        {
            if (_secrets.FirstOrDefault(secret => token.Split('=')[0] == secret) is { } secret)
            {
                yield return $"{secret} would show it to everybody on this machine: write it into a file that only you can read, and {secret}-file FILE.";
                continue;
            }

            var near = Suggestion.For(token.Split('=')[0].Replace('_', '-'), flags.Select(flag => flag.Replace('-', '_')))?.Replace('_', '-');
            yield return near is not null
                ? $"{token} is nothing that {_definition.Name} takes: did you mean {near}?"
                : $"{token} is nothing that {_definition.Name} takes: --help tells what there is.";
        }

        if (parse.UnmatchedTokens.Count > 0)
            yield break;
        var missing = MissingOf(parse.CommandResult);
        if (missing.Count > 0)
        {
            var command = PathOf(parse.CommandResult);
            yield return $"{command} needs {string.Join(" and ", missing)}: \"{_definition.Name} {command} --help\" tells more.";
            yield break;
        }

        foreach (var error in parse.Errors)
            yield return SentenceOf(error);
    }

    /// <summary>
    /// The keys of the configuration are flags of each command too, as a command has to find the daemon that runs. Where somebody asks for help
    /// with a command they would bury what is its own.
    /// </summary>
    public void KeepHelpShort(ParseResult parse)
    {
        if (parse.CommandResult.Command == Root)
            return;
        foreach (var (path, option) in _keys)
            option.Hidden = path is not "data";
    }

    private static string SentenceOf(ParseError error)
    {
        if (error.SymbolResult is OptionResult { Option: { } option, Tokens: [var given, ..] })
        {
            if (option.ValueType == typeof(int))
                return $"{option.Name} is \"{given.Value}\", which is no whole number: write digits only, as in {option.Name} 16.";
            if (option.HelpName is { } choices && choices.Contains('|', StringComparison.Ordinal))
                return $"{option.Name} is \"{given.Value}\": write {choices.Replace("|", " or ", StringComparison.Ordinal)}.";
        }

        // The library puts what can be chosen on lines of its own; a problem is one line.
        return string.Join(' ', error.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>What a command cannot do without and was not given, as one would write it.</summary>
    private static List<string> MissingOf(CommandResult result) =>
    [
        .. result.Command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument) is null or { Tokens.Count: 0 }).Select(argument => argument.Name),
        .. result.Command.Options.Where(option => option.Required && result.GetResult(option) is null or { Implicit: true }).Select(option => $"{option.Name} {option.HelpName}".TrimEnd()),
    ];

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult { Parent: not null } group ? $"{PathOf(group)} {result.Command.Name}" : result.Command.Name;

    /// <summary>What stands for a value in the help; one example for paths of files and of folders would mislead.</summary>
    private static string PlaceOf(ConfigEntry key) => key.KindName.Replace("a list, each ", "", StringComparison.Ordinal) switch
    {
        "a path" => "PATH",
        "a text" => "TEXT",
        _ => key.Example,
    };

    private static string About(ConfigEntry key)
    {
        var about = key.About.Length == 0 ? "" : $"{char.ToUpperInvariant(key.About[0])}{key.About[1..]}";
        return key switch
        {
            { IsRequired: true } => $"{about} [required]",
            { Value: { Length: > 0 } value, IsList: false } => $"{about} [default: {value}]",
            _ => about,
        };
    }
}
