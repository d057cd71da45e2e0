using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.Policies;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Service;
using WeCan.Controller.Store;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>
/// What can be asked and done about the routing policy (docs/policy.md): its versions, their differences, what another would change, and setting
/// one. Who sets a policy says which version it replaces, so that nobody undoes what he has not seen. Documents are read and compared
/// beside the loop.
/// </summary>
internal sealed class PolicyApi(ControllerLoop loop, PolicySetter setter, PolicyTrials trials)
{
    private const string Body = "The policy.";

    private static readonly ApiParameter Comment = new("comment", false, "Why, for those who read the history.");
    private static readonly ApiParameter Expected = new("expected", true, "The version that it replaces: where another holds by then, nothing is changed.");

    public IEnumerable<ApiOperation> Operations =>
    [
        new("GET", "/v1/policy", "The policy that holds.", context => KnownAsync(() => ShowAsync(null, context)))
        {
            Answers = InspectionJson.Default.PolicyReport,
        },
        new("PUT", "/v1/policy", "Sets a policy, which is a new version.", SetAsync)
        {
            Role = ApiRole.Operator,
            Parameters = [Expected, PolicyRequest.Force, Comment],
            AsksDocument = Body,
            Answers = InspectionJson.Default.PolicySetReport,
        },
        new("GET", "/v1/policy/versions", "The last versions, the newest first.", context => KnownAsync(() => VersionsAsync(context)))
        {
            Parameters = [new("last", false, "How many; all that are kept, unless given.")],
            Answers = InspectionJson.Default.PolicyVersionsReport,
        },
        new("GET", "/v1/policy/versions/{version}", "One version; 0 is what holds where none was set.", context => KnownAsync(() => ShowAsync(EndpointPath.LastPart(context.Request.Path.Value ?? ""), context)))
        {
            Parameters = [new("version", true, "Its number.")],
            Answers = InspectionJson.Default.PolicyReport,
        },
        new("GET", "/v1/policy/diff", "In what two versions differ.", context => KnownAsync(() => DiffAsync(context)))
        {
            Parameters =
            [
                new("from", false, "The one version; the one before the other, where neither is given."),
                new("to", false, "The other; the newest, unless given."),
            ],
            Answers = InspectionJson.Default.PolicyDiffReport,
        },
        new("POST", "/v1/policy/diff", "In what the policy that is sent differs from a version.", context => KnownAsync(() => DiffSentAsync(context)))
        {
            Parameters = [new("from", false, "The version; the newest, unless given.")],
            AsksDocument = Body,
            Answers = InspectionJson.Default.PolicyDiffReport,
        },
        new("POST", "/v1/policy/try", "What would be, if the policy that is sent was set: in the rules, and in the routes.", context => KnownAsync(() => TryAsync(context)))
        {
            Role = ApiRole.Operator,
            AsksDocument = Body,
            Answers = InspectionJson.Default.PolicyTrialReport,
        },
        new("POST", "/v1/policy/rollback", "Sets an older version again, as a new one.", RollBackAsync)
        {
            Role = ApiRole.Operator,
            Parameters = [new("version", true, "The version to go back to."), Expected, PolicyRequest.Force, Comment],
            Answers = InspectionJson.Default.PolicySetReport,
        },
    ];

    private Task<LocalAnswer?> KnownAsync(Func<Task<LocalAnswer>> answer) => ApiAnswers.KnownAsync(loop, answer);

    private async Task<LocalAnswer> ShowAsync(string? version, HttpContext context)
    {
        var (row, wrong) = await RowAsync(version, context);
        return row is null ? wrong! : LocalAnswer.Done(Report(row), InspectionJson.Default.PolicyReport);
    }

    private async Task<LocalAnswer> VersionsAsync(HttpContext context)
    {
        var last = int.MaxValue;
        if (context.Request.Query["last"].ToString() is { Length: > 0 } text && (!int.TryParse(text, out last) || last <= 0))
            return ApiAnswers.Bad("The last versions are asked for by how many they are: write a whole number, as 20.");
        var (rows, oldest) = await loop.Do((core, _) => (core.Policies.Kept.TakeLast(last == int.MaxValue ? last : last + 1).ToList(), core.Policies.Kept.Count > 0 ? core.Policies.Kept[0].Version : 0), context.RequestAborted);
        var entries = new List<PolicyVersionEntry>();
        for (var i = rows.Count - 1; i >= 0 && entries.Count < last; i--)
        {
            var before = i > 0 ? rows[i - 1].Text : rows[i].Version == 1 ? PolicyDocument.Default.ToText() : null;
            entries.Add(new(rows[i].Version, rows[i].At.ToDateTimeOffset(), rows[i].Who, rows[i].Comment, before is null ? null : PolicyDiff.Between(before, rows[i].Text).Count));
        }

        return LocalAnswer.Done(new(entries, oldest), InspectionJson.Default.PolicyVersionsReport);
    }

    private async Task<LocalAnswer> DiffAsync(HttpContext context)
    {
        var (to, wrong) = await RowAsync(Query(context, "to"), context);
        if (to is null)
            return wrong!;
        var first = Query(context, "from") ?? (Query(context, "to") is null ? $"{Math.Max(0, to.Version - 1)}" : null);
        (var from, wrong) = await RowAsync(first, context);
        return from is null ? wrong! : Difference(from, to.Version, to.Text);
    }

    private async Task<LocalAnswer> DiffSentAsync(HttpContext context)
    {
        var (document, wrong) = await PolicyRequest.ReadDocumentAsync(context);
        if (document is null)
            return wrong!;
        (var from, wrong) = await RowAsync(Query(context, "from"), context);
        return from is null ? wrong! : Difference(from, null, document.ToText());
    }

    private async Task<LocalAnswer> TryAsync(HttpContext context)
    {
        var (document, wrong) = await PolicyRequest.ReadDocumentAsync(context);
        return document is null ? wrong! : await trials.TellAsync(document, context.RequestAborted);
    }

    private Task<LocalAnswer?> SetAsync(HttpContext context) => KnownAsync(async () =>
    {
        if (!TryOrder(context, out var order, out var wrong))
            return wrong!;
        (var document, wrong) = await PolicyRequest.ReadDocumentAsync(context);
        return document is null ? wrong! : (await setter.SetAsync(order! with { Document = document }, PolicyRequest.IsForced(context), [], context.RequestAborted)).Answer;
    });

    private Task<LocalAnswer?> RollBackAsync(HttpContext context) => KnownAsync(async () =>
    {
        if (!TryOrder(context, out var order, out var wrong))
            return wrong!;
        if (Query(context, "version") is null)
            return ApiAnswers.Bad("Which version to go back to is not said: write version=3.");
        (var row, wrong) = await RowAsync(Query(context, "version"), context);
        if (row is null)
            return wrong!;
        (var document, wrong) = PolicyRequest.ReadVersion(row.Version, row.Text);
        if (document is null)
            return wrong!;
        var comment = order!.Comment.Length > 0 ? order.Comment : $"back to version {row.Version}";
        return (await setter.SetAsync(order with { Document = document, Comment = comment }, PolicyRequest.IsForced(context), [], context.RequestAborted)).Answer;
    });

    /// <summary>All of an order but the policy itself.</summary>
    private static bool TryOrder(HttpContext context, out PolicyOrder? order, out LocalAnswer? wrong)
    {
        var comment = Query(context, "comment") ?? "";
        order = null;
        if (!PolicyRequest.TryVersion(Query(context, "expected"), out var expected))
            wrong = ApiAnswers.Bad("Which version this is expected to replace is not said: write its number, as 7, so that nothing is undone that you have not seen.");
        else if ((wrong = PolicyRequest.ProblemOf(comment)) is null)
            order = new(PolicyDocument.Default, expected, Caller.Of(context).Who, comment);
        return order is not null;
    }

    /// <summary>A version that is kept; the newest, where none is named.</summary>
    private async Task<(PolicyRow? Row, LocalAnswer? Wrong)> RowAsync(string? version, HttpContext context)
    {
        if (version is null)
            return (await loop.Do((core, _) => core.Policies.Newest, context.RequestAborted), null);
        if (!PolicyRequest.TryVersion(version, out var number))
            return (null, ApiAnswers.Bad($"\"{version}\" is no version of the policy: \"wecan policy history\" shows them."));
        return await loop.Do((core, _) => core.Policies.Find(number), context.RequestAborted) is { } row
            ? (row, null)
            : (null, ApiAnswers.Missing($"There is no version {number} of the policy, or it is not kept any more: \"wecan policy history\" shows those that are."));
    }

    private static LocalAnswer Difference(PolicyRow from, long? to, string text) =>
        LocalAnswer.Done(new(from.Version, to, PolicyDiff.Between(from.Text, text)), InspectionJson.Default.PolicyDiffReport);

    private static PolicyReport Report(PolicyRow row)
    {
        using var document = JsonDocument.Parse(row.Text);
        return new() { Version = row.Version, At = row.Version == 0 ? null : row.At.ToDateTimeOffset(), Who = row.Who, Comment = row.Comment, Document = document.RootElement.Clone() };
    }

    private static string? Query(HttpContext context, string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;
}
