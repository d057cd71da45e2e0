using System.CommandLine;
using System.Globalization;
using WeCan.Contracts.Inspection;
using WeCan.Hosting.Daemon;

namespace WeCan.Cli;

/// <summary>"wecan policy": the rules by which routes are chosen, their versions, and what others would do.</summary>
internal static class PolicyCommands
{
    public const string Newest = "/v1/policy";
    private const string Versions = "/v1/policy/versions";
    private const string Difference = "/v1/policy/diff";

    public static Command Group() => new("policy", "The rules by which routes are chosen: show, set, try, edit, diff, history, rollback.");

    public static IEnumerable<(Command Command, Func<CliCall, CancellationToken, Task> Run)> All()
    {
        yield return Show();
        yield return History();
        yield return Diff();
        yield return Try();
        yield return Set();
        yield return Edit();
        yield return RollBack();
    }

    public static Option<bool> Force() => new("--force") { Description = "Also where pairs of nodes are left without any way." };

    public static string Forced(bool isForced) => isForced ? "&force=true" : "";

    public static Option<string?> Comment() => new("--comment", "-m") { Description = "Why, for those who read the history.", HelpName = "TEXT" };

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Show()
    {
        var version = new Argument<long?>("version") { Description = "An older version; 0 is what holds where none was set.", Arity = ArgumentArity.ZeroOrOne };
        return (new("show", "Print the policy as it can be set again.") { version }, (call, cancellation) =>
            call.ShowAsync(call.Parse.GetValue(version) is { } number ? Of(number) : Newest, InspectionJson.Default.PolicyReport, report =>
            {
                // Beside the document, so that that can go into a file.
                Console.Error.WriteLine(PolicyTexts.Heading(report));
                return PolicyTexts.Document(report.Document);
            }, cancellation));
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) History()
    {
        var last = new Option<int>("--last", "-n") { Description = "How many.", HelpName = "NUMBER", DefaultValueFactory = _ => 20 };
        return (new("history", "Show the last versions: when, by whom, why.") { last }, (call, cancellation) =>
            call.ShowAsync($"{Versions}?last={call.Parse.GetValue(last)}", InspectionJson.Default.PolicyVersionsReport, PolicyTexts.History, cancellation));
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Diff()
    {
        var from = new Argument<string?>("from") { Description = "A version; or a file, which is compared with the version that holds.", Arity = ArgumentArity.ZeroOrOne };
        var to = new Argument<string?>("to") { Description = "Another version, or a file [default: the version that holds]", Arity = ArgumentArity.ZeroOrOne };
        return (new("diff", "Show in what two versions differ, or a file and a version; without any, what the last change was.") { from, to }, async (call, cancellation) =>
        {
            var (one, other) = (call.Parse.GetValue(from), call.Parse.GetValue(to));
            if (one is not null && !IsVersion(one) && other is null)
                (one, other) = (null, one);
            if (one is not null && !IsVersion(one))
                throw new DaemonException($"\"{one}\" is no version: write the version before the file.", ExitCodes.Usage);
            var query = one is null ? "" : $"?from={one}";
            if (other is null || IsVersion(other))
                await call.ShowAsync($"{Difference}{query}{(other is null ? "" : $"&to={other}")}", InspectionJson.Default.PolicyDiffReport, PolicyTexts.Difference, cancellation);
            else
                await call.SendAsync(HttpMethod.Post, $"{Difference}{query}", PolicyFile.Read(other), InspectionJson.Default.PolicyDiffReport, PolicyTexts.Difference, cancellation);
        }
        );
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Try()
    {
        var file = PolicyFile.Argument();
        return (new("try", "Tell what a policy would change, in the rules and in the routes, and change nothing. For the role operator.") { file }, (call, cancellation) =>
            call.SendAsync(HttpMethod.Post, "/v1/policy/try", PolicyFile.Read(call.Parse.GetRequiredValue(file)), InspectionJson.Default.PolicyTrialReport, PolicyTexts.Trial, cancellation));
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Set()
    {
        var (file, comment, force) = (PolicyFile.Argument(), Comment(), Force());
        var expected = new Option<long?>("--expect") { Description = "The version that it replaces; where another holds by then, nothing is set [default: whichever holds]", HelpName = "VERSION" };
        return (new("set", "Set a policy, which is a new version. For the role operator.") { file, comment, expected, force }, async (call, cancellation) =>
        {
            var document = PolicyFile.Read(call.Parse.GetRequiredValue(file));
            var replaced = call.Parse.GetValue(expected) ?? (await NewestAsync(call, cancellation)).Version;
            await SetAsync(call, document, replaced, call.Parse.GetValue(comment), call.Parse.GetValue(force), cancellation);
        }
        );
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Edit()
    {
        var (comment, force) = (Comment(), Force());
        return (new("edit", "Open the policy in your editor (VISUAL or EDITOR), and set what you saved. For the role operator.") { comment, force }, async (call, cancellation) =>
        {
            var newest = await NewestAsync(call, cancellation);
            var text = PolicyTexts.Document(newest.Document);
            var file = await PolicyFile.EditAsync(newest.Version, text, cancellation);
            if (file is null)
            {
                await Console.Error.WriteLineAsync("Nothing was changed.");
                return;
            }

            try
            {
                await SetAsync(call, PolicyFile.Read(file), newest.Version, call.Parse.GetValue(comment), call.Parse.GetValue(force), cancellation);
            }
            catch (DaemonException refused)
            {
                throw new DaemonException($"{refused.Message} What you wrote is in {file}.", refused.ExitCode, refused);
            }

            PolicyFile.Forget(file);
        }
        );
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) RollBack()
    {
        var version = new Argument<long>("version") { Description = "The version to go back to; 0 is what held before any was set." };
        var (comment, force) = (Comment(), Force());
        return (new("rollback", "Go back to an older version, which is a new version that says the same. For the role operator.") { version, comment, force }, async (call, cancellation) =>
        {
            var newest = await NewestAsync(call, cancellation);
            var question = $"/v1/policy/rollback?version={Text(call.Parse.GetRequiredValue(version))}&expected={Text(newest.Version)}{Forced(call.Parse.GetValue(force))}{Said(call.Parse.GetValue(comment))}";
            await call.SendAsync(HttpMethod.Post, question, null, InspectionJson.Default.PolicySetReport, PolicyTexts.Set, cancellation);
        }
        );
    }

    private static Task SetAsync(CliCall call, byte[] document, long expected, string? comment, bool isForced, CancellationToken cancellation) =>
        call.SendAsync(HttpMethod.Put, $"{Newest}?expected={Text(expected)}{Forced(isForced)}{Said(comment)}", document, InspectionJson.Default.PolicySetReport, PolicyTexts.Set, cancellation);

    private static async Task<PolicyReport> NewestAsync(CliCall call, CancellationToken cancellation) =>
        (await call.Client.GetAsync(Newest, cancellation)).Read(InspectionJson.Default.PolicyReport);

    private static string Of(long version) => $"{Versions}/{Text(version)}";

    public static string Said(string? comment) => string.IsNullOrEmpty(comment) ? "" : $"&comment={Uri.EscapeDataString(comment)}";

    private static bool IsVersion(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
