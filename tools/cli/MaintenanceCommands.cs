using System.CommandLine;
using WeCan.Contracts.Inspection;

namespace WeCan.Cli;

/// <summary>"wecan maintenance": takes traffic away from what is worked on, and gives it back.</summary>
internal static class MaintenanceCommands
{
    private const string Question = "/v1/maintenance";
    private const string Begin = "begin";

    public static Command Group() => new("maintenance", "Take traffic away from nodes and links that are worked on, and give it back: begin, end, list.");

    public static IEnumerable<(Command Command, Func<CliCall, CancellationToken, Task> Run)> All()
    {
        yield return Change(Begin, "Let nothing go over it while there is another way; a new version of the policy. For the role operator.");
        yield return Change("end", "Let traffic go over it again; a new version of the policy. For the role operator.");
        yield return (new("list", "Show what is in maintenance."), (call, cancellation) =>
            call.ShowAsync(Question, InspectionJson.Default.MaintenanceReport, report => PolicyTexts.Maintenance(report, DateTimeOffset.UtcNow), cancellation));
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Change(string verb, string about)
    {
        var what = new Argument<string>("what") { Description = "node, link, region, site or operator." };
        what.AcceptOnlyFromAmong("node", "link", "region", "site", "operator");
        var name = new Argument<string>("name") { Description = "Which: of a node its number or name, of a link its two nodes (\"relay-a/relay-b\")." };
        var (comment, force) = (PolicyCommands.Comment(), PolicyCommands.Force());
        var time = new Option<string?>("--for") { Description = "How long: it ends by itself then, whatever becomes of the controller [default: until you end it]", HelpName = "2h" };
        var command = new Command(verb, about) { what, name, comment };
        if (verb == Begin)
        {
            command.Options.Add(time);
            command.Options.Add(force);
        }

        return (command, (call, cancellation) =>
        {
            var more = verb == Begin ? $"{PolicyCommands.Forced(call.Parse.GetValue(force))}{(call.Parse.GetValue(time) is { } length ? $"&for={Uri.EscapeDataString(length)}" : "")}" : "";
            var question = $"{Question}/{verb}?what={call.Parse.GetRequiredValue(what)}&name={Uri.EscapeDataString(call.Parse.GetRequiredValue(name))}{more}{PolicyCommands.Said(call.Parse.GetValue(comment))}";
            return call.SendAsync(HttpMethod.Post, question, null, InspectionJson.Default.PolicySetReport, PolicyTexts.Set, cancellation);
        }
        );
    }
}
