using System.CommandLine;
using WeCan.Contracts.Inspection;

namespace WeCan.Cli;

/// <summary>"wecan maintenance": takes traffic away from what is worked on, and gives it back.</summary>
internal static class MaintenanceCommands
{
    private const string Question = "/v1/maintenance";

    public static Command Group() => new("maintenance", "Take traffic away from nodes and links that are worked on, and give it back: begin, end, list.");

    public static IEnumerable<(Command Command, Func<CliCall, CancellationToken, Task> Run)> All()
    {
        yield return Change("begin", "Let nothing go over it while there is another way; a new version of the policy. For the role operator.");
        yield return Change("end", "Let traffic go over it again; a new version of the policy. For the role operator.");
        yield return (new("list", "Show what is in maintenance."), (call, cancellation) =>
            call.ShowAsync(Question, InspectionJson.Default.MaintenanceReport, PolicyTexts.Maintenance, cancellation));
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Change(string verb, string about)
    {
        var what = new Argument<string>("what") { Description = "node, link, region, site or operator." };
        what.AcceptOnlyFromAmong("node", "link", "region", "site", "operator");
        var name = new Argument<string>("name") { Description = "Which: of a node its number or name, of a link its two nodes (\"relay-a/relay-b\")." };
        var comment = PolicyCommands.Comment();
        return (new(verb, about) { what, name, comment }, (call, cancellation) =>
        {
            var question = $"{Question}/{verb}?what={call.Parse.GetRequiredValue(what)}&name={Uri.EscapeDataString(call.Parse.GetRequiredValue(name))}{PolicyCommands.Said(call.Parse.GetValue(comment))}";
            return call.SendAsync(HttpMethod.Post, question, null, InspectionJson.Default.PolicySetReport, PolicyTexts.Set, cancellation);
        }
        );
    }
}
