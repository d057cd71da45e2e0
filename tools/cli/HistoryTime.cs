using System.CommandLine;
using System.Text;

namespace WeCan.Cli;

/// <summary>The flags by which somebody says of what time he asks. What they mean, the controller judges.</summary>
internal sealed class HistoryTime
{
    private readonly Option<string?> _since = new("--since") { Description = "From when on: how long ago, or a time in ISO 8601 [default: 1h]", HelpName = "24h" };
    private readonly Option<string?> _until = new("--until") { Description = "Until when [default: now]", HelpName = "1h" };
    private readonly Option<string?> _resolution = new("--resolution") { Description = "How much time one line is about [default: so much that a screen holds it]", HelpName = "5m" };

    public Command AddTo(Command command)
    {
        command.Options.Add(_since);
        command.Options.Add(_until);
        command.Options.Add(_resolution);
        return command;
    }

    public string Ask(StringBuilder question, ParseResult parse)
    {
        Add(question, "since", parse.GetValue(_since));
        Add(question, "until", parse.GetValue(_until));
        Add(question, "resolution", parse.GetValue(_resolution));
        return question.ToString();
    }

    public static void Add(StringBuilder question, string name, string? value)
    {
        if (value is not null)
            question.Append(question.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }
}
