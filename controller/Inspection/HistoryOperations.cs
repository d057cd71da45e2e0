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

    public IReadOnlyList<ApiOperation> All() =>
    [
        new("GET", "/v1/history/link", "How one direction of a link was: round trip, jitter, loss, use, and for how much of the time it could be relied on.", context => AnswerAsync(context, LinkAsync))
        {
            Parameters = [new("from", true, OneEnd), new("to", true, "The other."), .. HistoryQuestion.Parameters],
            Answers = InspectionJson.Default.LinkHistoryReport,
        },
    ];

    private static LocalAnswer Bad(string sentence) => LocalAnswer.Refused(StatusCodes.Status400BadRequest, ExitCodes.Usage, sentence);

    private async Task<LocalAnswer?> AnswerAsync(HttpContext context, Func<HttpContext, HistoryReader, HistoryQuestion, Task<LocalAnswer>> answer)
    {
        if (loop.Mode == LoopMode.StandsBy)
            return LocalAnswer.Refused(StatusCodes.Status503ServiceUnavailable, ExitCodes.Unavailable, loop.Trouble);
        if (reader is null)
            return LocalAnswer.Refused(StatusCodes.Status503ServiceUnavailable, ExitCodes.Unavailable, "This controller keeps no history: its configuration says so, or its log says why.");
        if (HistoryQuestion.TryRead(context.Request.Query, time.GetUtcNow().ToUnixTimeSeconds(), out var question) is { } wrong)
            return Bad(wrong);
        return await answer(context, reader, question!);
    }

    private async Task<LocalAnswer> LinkAsync(HttpContext context, HistoryReader history, HistoryQuestion question)
    {
        var (from, to) = (context.Request.Query["from"].ToString(), context.Request.Query["to"].ToString());
        if (from.Length == 0 || to.Length == 0)
            return Bad("A link is asked for with both of its ends: write from=NODE and to=NODE.");
        var (one, other) = await loop.Do((core, _) => (Find(core, from), Find(core, to)), context.RequestAborted);
        return one is null || other is null ? NoNode(one is null ? from : to)
            : LocalAnswer.Done(HistoryReports.Link(history, question, one, other), InspectionJson.Default.LinkHistoryReport);
    }

    private static LocalAnswer NoNode(string text) =>
        LocalAnswer.Refused(StatusCodes.Status404NotFound, ExitCodes.Usage, $"There is no node \"{text}\": \"wecan nodes\" shows them.");

    /// <summary>By name or number; also a number that is no member's any more, as it has a past.</summary>
    private static NodeName? Find(ControllerCore core, string text)
    {
        if (InspectionReports.TryFind(core, text, out var number))
            return new(number.Value, core.History.Members.First(member => member.Number == number).Name);
        return ushort.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var gone) && gone > 0 ? new(gone, "") : null;
    }
}
