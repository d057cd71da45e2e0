using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using WeCan.Lab.Wan;

namespace WeCan.Lab.Options;

/// <summary>Reads the command line. What it refuses, it refuses in one sentence that says what to write instead.</summary>
internal sealed class OptionsReader
{
    public const string Help = """
        Runs a whole overlay on this machine, as an operator would: a controller, four relays and three edges, a process each,
        enrolled by tokens, over links that are bad on purpose. Programs at the edges send TCP (as Signal) and UDP (as
        Realtime) through tunnels to each other, and the lab shows what arrives.

        Usage: dotnet run --project tools/lab [-- OPTION ...]

          --loss PERCENT    datagrams lost on every link, each way, in place of the built-in world's links
          --delay MS        delay of every link, each way, likewise
          --seconds N       how long the flows send (default 15; 8 with --check)
          --scenario FILE   the hosts, links and happenings of FILE (tools/lab/wan/README.md): hosts r, r1, r2 ... are
                            relays, c is the controller, all others are edges
          --check           exit code 1, and a sentence for each broken point, unless Signal lost, repeated and reordered
                            nothing, and at most 2 % of Realtime was missed
          --json            prints the result as JSON, and nothing else
          --help            this text
        """;

    private static readonly string[] Known = ["--check", "--delay", "--help", "--json", "--loss", "--scenario", "--seconds"];

    private int? _seconds;
    private double? _loss;
    private double? _delay;
    private string? _scenarioFile;
    private bool _isCheck;
    private bool _isJson;
    private bool _isHelp;

    private OptionsReader()
    {
    }

    public static bool TryRead(
        ReadOnlySpan<string> arguments, [NotNullWhen(true)] out LabOptions? options, [NotNullWhen(false)] out string? error)
    {
        var reader = new OptionsReader();
        options = null;
        error = reader.ReadAll(arguments) ?? reader.Build(out options);
        return error is null && options is not null;
    }

    private string? ReadAll(ReadOnlySpan<string> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            var equals = name.IndexOf('=', StringComparison.Ordinal);
            var value = equals > 0 ? name[(equals + 1)..] : null;
            if (equals > 0)
                name = name[..equals];
            if (TryReadFlag(name))
            {
                if (value is not null)
                    return $"{name} takes no value: write {name} alone.";
                continue;
            }

            if (!Known.Contains(name))
                return Unknown(name);
            if (value is null && ++i == arguments.Length)
                return $"{name} has no value: write {name} {Example(name)}.";
            if (ReadValue(name, value ?? arguments[i]) is { } error)
                return error;
        }

        return null;
    }

    private bool TryReadFlag(string name)
    {
        _isCheck |= name == "--check";
        _isJson |= name == "--json";
        _isHelp |= name is "--help" or "-h";
        return name is "--check" or "--json" or "--help" or "-h";
    }

    private string? ReadValue(string name, string value)
    {
        var isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
        switch (name)
        {
            case "--loss":
                _loss = number;
                return isNumber && number is >= 0 and <= 100
                    ? null
                    : $"--loss {value} is no percentage: write a number from 0 to 100, like --loss 5.";
            case "--delay":
                _delay = number;
                return isNumber && number is >= 0 and <= LabLimits.MaxDelayMilliseconds
                    ? null
                    : $"--delay {value} is no delay in milliseconds: write a number from 0 to {LabLimits.MaxDelayMilliseconds:0}, like --delay 10.";
            case "--seconds":
                _seconds = isNumber ? (int)Math.Clamp(number, 0, int.MaxValue) : 0;
                return isNumber && number is >= 1 and <= LabLimits.MaxSeconds && number == Math.Floor(number)
                    ? null
                    : $"--seconds {value} is no time to run: write whole seconds from 1 to {LabLimits.MaxSeconds}, like --seconds 15.";
            default:
                _scenarioFile = value;
                return null;
        }
    }

    private string? Build(out LabOptions? options)
    {
        options = null;
        var text = Built(_loss, _delay);
        var name = "the built-in world";
        if (_scenarioFile is not null)
        {
            if (_loss is not null || _delay is not null)
                return "--scenario brings its own links: write loss and delay into the file, or leave --scenario out.";
            if (ReadFile(_scenarioFile, out text) is { } error)
                return error;
            name = _scenarioFile;
        }

        if (!Scenario.TryParse(text, name, out var scenario, out var fault))
            return fault.ToString();
        if (LabPlan.Of(scenario, out var problem) is not { } plan)
            return problem;
        options = new()
        {
            Seconds = _seconds ?? (_isCheck ? LabLimits.CheckSeconds : LabLimits.DefaultSeconds),
            IsCheck = _isCheck,
            IsJson = _isJson,
            IsHelp = _isHelp,
            Scenario = scenario,
            Plan = plan,
            Impairment = Describe(name),
        };
        return null;
    }

    private string Describe(string name) => _loss is null && _delay is null
        ? $"each link as {name} has it"
        : string.Create(CultureInfo.InvariantCulture, $"each link, each way: {_loss ?? 0:0.##} % lost, {_delay ?? 0:0.##} ms delay");

    /// <summary>The world that comes with the lab, or the same nodes with all links alike.</summary>
    private static string Built(double? loss, double? delay)
    {
        using var stream = typeof(OptionsReader).Assembly.GetManifestResourceStream("lab.wan")!;
        using var reader = new StreamReader(stream);
        var world = reader.ReadToEnd();
        if (loss is null && delay is null)
            return world;
        var hosts = world.Split('\n').Where(line => line.StartsWith("host ", StringComparison.Ordinal));
        return string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', hosts)}\ndefault delay {delay ?? 0} loss {loss ?? 0}\n");
    }

    private static string? ReadFile(string file, out string text)
    {
        text = "";
        try
        {
            text = File.ReadAllText(file);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The scenario {file} cannot be read ({failure.Message.TrimEnd('.')}): name a .wan file, like tools/lab/wan/scenarios/failover.wan.";
        }
    }

    private static string Unknown(string name)
    {
        var nearest = Known.MinBy(known => Distance(known, name))!;
        return nearest != "--help" && Distance(nearest, name) <= 3
            ? $"There is no option {name}: write {nearest}, or --help for all options."
            : $"There is no option {name}: write --help for all options.";
    }

    private static string Example(string name) => name switch
    {
        "--scenario" => "FILE",
        "--seconds" => "15",
        "--delay" => "10",
        _ => "5",
    };

    /// <summary>How many letters to add, drop or change (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
