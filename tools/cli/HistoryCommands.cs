using System.CommandLine;
using System.Globalization;
using System.Text;
using WeCan.Contracts.Inspection;

namespace WeCan.Cli;

/// <summary>What wecan can show of the past.</summary>
internal static class HistoryCommands
{
    public static Command Group() => new("history", "Show how it was: what nodes measured in the last 30 days.");

    public static IEnumerable<(Command Command, Func<CliCall, CancellationToken, Task> Run)> All()
    {
        yield return Link();
        yield return Node();
    }

    /// <summary>What the network's users feel, for which no word of "history" is needed.</summary>
    public static (Command Command, Func<CliCall, CancellationToken, Task> Run) Quality()
    {
        var from = new Argument<string?>("from") { Description = "Only from this node, by its number or name.", Arity = ArgumentArity.ZeroOrOne };
        var to = new Argument<string?>("to") { Description = "To this one.", Arity = ArgumentArity.ZeroOrOne };
        var worst = new Option<int?>("--worst") { Description = "How many of the worst pairs are shown [default: 10]", HelpName = "COUNT" };
        var time = new HistoryTime();
        return (time.AddTo(new("quality", "Show the share of Realtime packets in time, within the network and end to end, and the gain over the direct link: of all, with the worst pairs, or of one pair.") { from, to, worst }), (call, cancellation) =>
        {
            var question = new StringBuilder("/v1/quality");
            HistoryTime.Add(question, "from", call.Parse.GetValue(from));
            HistoryTime.Add(question, "to", call.Parse.GetValue(to));
            HistoryTime.Add(question, "worst", call.Parse.GetValue(worst)?.ToString(CultureInfo.InvariantCulture));
            return call.ShowAsync(time.Ask(question, call.Parse), InspectionJson.Default.QualityReport, QualityTexts.Quality, cancellation);
        }
        );
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Node()
    {
        var node = new Argument<string>("node") { Description = "The node, by its number or name." };
        var time = new HistoryTime();
        return (time.AddTo(new("node", "Show what passed through a node, its peaks, and by which rates its bandwidth is paid for.") { node }), (call, cancellation) =>
        {
            var question = new StringBuilder($"/v1/history/node?node={Uri.EscapeDataString(call.Parse.GetRequiredValue(node))}");
            return call.ShowAsync(time.Ask(question, call.Parse), InspectionJson.Default.NodeHistoryReport, HistoryTexts.Node, cancellation);
        }
        );
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
