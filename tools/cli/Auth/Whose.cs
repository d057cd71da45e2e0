using System.CommandLine;
using System.Text;
using WeCan.Hosting.Daemon;

namespace WeCan.Cli.Auth;

/// <summary>The flags that name a client, or one token.</summary>
internal sealed class Whose
{
    private readonly Option<string> _space = new("--space") { Description = "The space.", HelpName = "NAME", Required = true };
    private readonly Option<string?> _client = new("--sub") { Description = "The client, as its tokens name it.", HelpName = "CLIENT" };
    private readonly Option<string?> _token = new("--id") { Description = "Or one token, by its own name (\"jti\").", HelpName = "JTI" };

    public Command AddTo(Command command)
    {
        command.Options.Add(_space);
        command.Options.Add(_client);
        command.Options.Add(_token);
        return command;
    }

    public string Ask(string question, ParseResult parse, string? until)
    {
        if (parse.GetValue(_client) is null == parse.GetValue(_token) is null)
            throw new DaemonException("Name either a client with --sub, or one token with --id.", ExitCodes.Usage);
        var asked = new StringBuilder(question);
        HistoryTime.Add(asked, "space", parse.GetValue(_space));
        HistoryTime.Add(asked, "sub", parse.GetValue(_client));
        HistoryTime.Add(asked, "jti", parse.GetValue(_token));
        HistoryTime.Add(asked, "until", until);
        return asked.ToString();
    }
}
