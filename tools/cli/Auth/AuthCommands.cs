using System.CommandLine;
using WeCan.Contracts.Inspection;

namespace WeCan.Cli.Auth;

/// <summary>"wecan auth": who may come to the bus.</summary>
internal static class AuthCommands
{
    private const string Question = "/v1/auth/revocations";

    public static Command Group() => new("auth", "Who may come to the bus: keys of clients' tokens, tokens, and what is taken back of them.");

    public static IEnumerable<(Command Command, Func<CliCall, CancellationToken, Task> Run)> All()
    {
        yield return TokenCommand.Make();
        yield return ShowCommand.Make();
        yield return Revoke();
        yield return Restore();
        yield return Revocations();
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Revoke()
    {
        var whose = new Whose();
        var until = new Option<string?>("--until") { Description = "Shut the client out until then, whatever is issued meanwhile; of one token, its end, if you know it. In RFC 3339 [default: what is issued until now]", HelpName = "TIME" };
        return (whose.AddTo(new("revoke", "Take back the tokens of a client, or one token: whoever came by it is let go of within seconds. For the role operator.") { until }), (call, cancellation) =>
            call.SendAsync(HttpMethod.Post, whose.Ask(Question, call.Parse, call.Parse.GetValue(until)), null, InspectionJson.Default.AuthChangeReport, AuthTexts.Change, cancellation));
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Restore()
    {
        var whose = new Whose();
        return (whose.AddTo(new("restore", "Let count again what was taken back. For the role operator.")), (call, cancellation) =>
            call.SendAsync(HttpMethod.Delete, whose.Ask(Question, call.Parse, null), null, InspectionJson.Default.AuthChangeReport, AuthTexts.Change, cancellation));
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Revocations()
    {
        var space = new Option<string?>("--space") { Description = "Only those of this space.", HelpName = "NAME" };
        return (new("revocations", "Show what was taken back and may concern a token still.") { space }, (call, cancellation) =>
            call.ShowAsync(call.Parse.GetValue(space) is { } name ? $"{Question}?space={Uri.EscapeDataString(name)}" : Question, InspectionJson.Default.AuthRevocationsReport, AuthTexts.Revocations, cancellation));
    }
}
