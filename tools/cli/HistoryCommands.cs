using System.CommandLine;
using System.Text;
using WeCan.Contracts.Inspection;

namespace WeCan.Cli;

/// <summary>What wecan can show of the past.</summary>
internal static class HistoryCommands
{
    public static IEnumerable<(Command Command, Func<CliCall, CancellationToken, Task> Run)> All()
    {
        yield return Link();
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Link()
    {
        var from = new Argument<string>("from") { Description = "The node that the link leads away from, by its number or name." };
        var to = new Argument<string>("to") { Description = "The node that it leads to." };
        var time = new HistoryTime();
        return (time.AddTo(new("link", "Show how a link was, in one direction: by the word of the node that it leads away from.") { from, to }), (call, cancellation) =>
        {
            var question = new StringBuilder($"/v1/history/link?from={Uri.EscapeDataString(call.Parse.GetRequiredValue(from))}&to={Uri.EscapeDataString(call.Parse.GetRequiredValue(to))}");
            return call.ShowAsync(time.Ask(question, call.Parse), InspectionJson.Default.LinkHistoryReport, HistoryTexts.Link, cancellation);
        }
        );
    }
}
