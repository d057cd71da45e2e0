using Microsoft.AspNetCore.Http;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.History;
using WeCan.Controller.Service;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>What can be asked about the past. Names are looked up within a step of the loop; the answer is read from the disk beside it.</summary>
internal sealed class HistoryOperations(ControllerLoop loop, HistoryReader? reader, TimeProvider time)
{
    private const string OneEnd = "The one node, by its number or name.";

    private readonly SemaphoreSlim _pairs = new(1);

    public IReadOnlyList<ApiOperation> All() =>
    [
        new("GET", "/v1/history/link", "How one direction of a link was: round trip, jitter, loss, use, and for how much of the time it could be relied on.", context => AnswerAsync(context, LinkAsync))
        {
            Parameters = [new("from", true, OneEnd), new("to", true, "The other."), .. HistoryQuestion.Parameters],
            Answers = InspectionJson.Default.LinkHistoryReport,
        },
        new("GET", "/v1/history/node", "What passed through a node: bytes and packets by class, peaks, and the rates by which bandwidth is paid for.", context => AnswerAsync(context, NodeAsync))
        {
            Parameters = [new("node", true, "The node, by its number or name."), .. HistoryQuestion.Parameters],
            Answers = InspectionJson.Default.NodeHistoryReport,
        },
        new("GET", "/v1/quality", "The share of Realtime packets in time, within the network and end to end, and the gain over the direct link: of the network with its worst pairs, or of one pair.", context => AnswerAsync(context, QualityAsync))
        {
            Parameters = [new("from", false, OneEnd), new("to", false, "The other."), new("worst", false, $"How many pairs are told of: {HistoryLimits.WorstPairs} unless given."), .. HistoryQuestion.Parameters],
            Answers = InspectionJson.Default.QualityReport,
        },
    ];

    private Task<LocalAnswer?> AnswerAsync(HttpContext context, Func<HttpContext, HistoryReader, HistoryQuestion, Task<LocalAnswer>> answer) => ApiAnswers.KnownAsync(loop, async () =>
    {
        if (reader is null)
            return LocalAnswer.Refused(StatusCodes.Status503ServiceUnavailable, ExitCodes.Unavailable, "This controller keeps no history: its configuration says so, or its log says why.");
        if (HistoryQuestion.TryRead(context.Request.Query, time.GetUtcNow().ToUnixTimeSeconds(), out var question) is { } wrong)
            return ApiAnswers.Bad(wrong);
        return await answer(context, reader, question!);
    });

    private async Task<LocalAnswer> LinkAsync(HttpContext context, HistoryReader history, HistoryQuestion question)
    {
        var (from, to) = (context.Request.Query["from"].ToString(), context.Request.Query["to"].ToString());
        if (from.Length == 0 || to.Length == 0)
            return ApiAnswers.Bad("A link is asked for with both of its ends: write from=NODE and to=NODE.");
        var (one, other) = await loop.Do((core, _) => (Find(core, from), Find(core, to)), context.RequestAborted);
        return WrongPair(one, from, other, to) ?? LocalAnswer.Done(HistoryReports.Link(history, question, one!, other!), InspectionJson.Default.LinkHistoryReport);
    }

    private async Task<LocalAnswer> NodeAsync(HttpContext context, HistoryReader history, HistoryQuestion question)
    {
        var text = context.Request.Query["node"].ToString();
        if (text.Length == 0)
            return ApiAnswers.Bad("A node's past is asked for with the node: write node=NODE.");
        return await loop.Do((core, _) => Find(core, text), context.RequestAborted) is { } node
            ? LocalAnswer.Done(HistoryReports.Node(history, question, node, time.GetUtcNow().ToUnixTimeSeconds()), InspectionJson.Default.NodeHistoryReport)
            : ApiAnswers.NoNode(text);
    }

    private async Task<LocalAnswer> QualityAsync(HttpContext context, HistoryReader history, HistoryQuestion question)
    {
        var (from, to, worst) = (context.Request.Query["from"].ToString(), context.Request.Query["to"].ToString(), context.Request.Query["worst"].ToString());
        if ((from.Length == 0) != (to.Length == 0))
            return ApiAnswers.Bad("A pair is asked for with both of its ends: name two nodes, or none.");
        var most = HistoryLimits.WorstPairs;
        if (worst.Length > 0 && (!int.TryParse(worst, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out most) || most > HistoryLimits.MostPairs))
            return ApiAnswers.Bad($"\"{worst}\" is no number of pairs: write a whole number up to {HistoryLimits.MostPairs}.");
        if (from.Length > 0)
        {
            var (one, other) = await loop.Do((core, _) => (Find(core, from), Find(core, to)), context.RequestAborted);
            return WrongPair(one, from, other, to) ?? LocalAnswer.Done(HistoryReports.Quality(history, question, one, other, [], 0), InspectionJson.Default.QualityReport);
        }

        var names = await loop.Do((core, _) => core.History.Members.ToDictionary(member => member.Number.Value, member => member.Name), context.RequestAborted);

        // All pairs of a month are much to read: one asks at a time.
        await _pairs.WaitAsync(context.RequestAborted);
        try
        {
            var pairs = HistoryReports.Pairs(history, question, names);
            return LocalAnswer.Done(HistoryReports.Quality(history, question, null, null, [.. pairs.Take(most)], pairs.Count), InspectionJson.Default.QualityReport);
        }
        finally
        {
            _pairs.Release();
        }
    }

    /// <summary>Null for two nodes that are not the same.</summary>
    private static LocalAnswer? WrongPair(NodeName? one, string from, NodeName? other, string to) =>
        one is null ? ApiAnswers.NoNode(from) : other is null ? ApiAnswers.NoNode(to) : one.Number == other.Number ? ApiAnswers.SameNode() : null;

    /// <summary>By name or number; also a number that is no member's any more, as it has a past.</summary>
    private static NodeName? Find(ControllerCore core, string text)
    {
        if (InspectionReports.TryFind(core, text, out var number))
            return new(number.Value, core.History.Members.First(member => member.Number == number).Name);
        return ushort.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var gone) && gone > 0 ? new(gone, "") : null;
    }
}
