using Microsoft.AspNetCore.Http;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.Policies;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Service;
using WeCan.Hosting.Configuration;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>
/// Maintenance by name: the rules of the policy that say it, without its document. Each change is a version as any other, and is made anew where
/// another comes between.
/// </summary>
internal sealed class MaintenanceApi(ControllerLoop loop, PolicySetter setter)
{
    private static readonly ApiParameter[] Parameters =
    [
        new("what", true, "\"node\", \"link\", \"region\", \"site\" or \"operator\"."),
        new("name", true, "Which; of a link its two nodes, as \"relay-a/relay-b\"."),
        new("comment", false, "Why, for those who read the history."),
    ];

    private const string Begins = "begins";

    private static readonly ApiParameter For = new("for", false, "After how long it ends by itself (\"2h\"); when somebody ends it, unless given.");

    public IEnumerable<ApiOperation> Operations =>
    [
        new("GET", "/v1/maintenance", "What is in maintenance, by the policy that holds.", context => ApiAnswers.KnownAsync(loop, () => ListAsync(context)))
        {
            Answers = InspectionJson.Default.MaintenanceReport,
        },
        Change("/v1/maintenance/begin", "Lets nothing go over a node or link, or those of a region, site or operator, while there is another way.", Begins, Begin, For, PolicyRequest.Force),
        Change("/v1/maintenance/end", "Takes the rules away that begin has made.", "ends", End),
    ];

    private ApiOperation Change(string path, string summary, string verb, Func<Edit, LocalAnswer?> edit, params ApiParameter[] more) =>
        new("POST", path, summary, context => ApiAnswers.KnownAsync(loop, () => ChangeAsync(context, verb, edit)))
        {
            Role = ApiRole.Operator,
            Parameters = [.. Parameters, .. more],
            Answers = InspectionJson.Default.PolicySetReport,
        };

    private async Task<LocalAnswer> ListAsync(HttpContext context)
    {
        var (row, members) = await loop.Do((core, _) => (core.Policies.Newest, core.History.Snapshot), context.RequestAborted);
        var (document, wrong) = PolicyRequest.ReadVersion(row.Version, row.Text);
        return document is null ? wrong! : LocalAnswer.Done(new(row.Version, [.. MaintenanceRules.List(document, members).Select(rule => new MaintenanceEntry(rule.What, rule.Name, rule.Nodes, rule.Until?.ToDateTimeOffset()))]), InspectionJson.Default.MaintenanceReport);
    }

    private async Task<LocalAnswer> ChangeAsync(HttpContext context, string verb, Func<Edit, LocalAnswer?> edit)
    {
        var query = context.Request.Query;
        var (what, name, comment) = (query["what"].ToString(), query["name"].ToString(), query["comment"].ToString());
        if (PolicyRequest.ProblemOf(comment) is { } wrong)
            return wrong;
        if (!TryReadTime(query["for"].ToString(), out var time))
            return ApiAnswers.Bad($"\"{query["for"]}\" is no time for maintenance to last: write it as 30m or 2h, at most {ValueKinds.Duration.Format(InspectionLimits.LongestMaintenance)}.");
        for (var attempt = 1; ; attempt++)
        {
            var (row, members, until) = await loop.Do((core, now) => (core.Policies.Newest, core.History.Snapshot, time is null ? (UnixTime?)null : now.Wall + time.Value), context.RequestAborted);
            (var document, wrong) = PolicyRequest.ReadVersion(row.Version, row.Text);
            if (document is null)
                return wrong!;
            if (!MaintenanceTarget.TryRead(what, name, members, out var target, out var problem))
                return ApiAnswers.Bad(problem);
            var change = new Edit(document, target, members, until);
            if (edit(change) is { } refusal)
                return refusal;
            if (!PolicyDocument.TryRead(change.After!.ToText(), out _, out var problems))
                return ApiAnswers.Bad($"The policy would not be taken any more: {problems[0]}");
            var order = new PolicyOrder(change.After, row.Version, Caller.Of(context).Who, comment.Length > 0 ? comment : $"maintenance of {target} {verb}{(verb == Begins && until is { } end ? $", until {end}" : "")}");
            var (isConflict, answer) = await setter.SetAsync(order, PolicyRequest.IsForced(context), change.Notes, context.RequestAborted);
            if (!isConflict || attempt == InspectionLimits.PolicyAttempts)
                return answer;
        }
    }

    private static LocalAnswer? Begin(Edit edit)
    {
        edit.After = MaintenanceRules.Begin(edit.Before, edit.Target, edit.Until, edit.Members);
        var isNew = !MaintenanceRules.IsOn(edit.Before, edit.Target, edit.Members);
        return isNew || (edit.After.Nodes.Count == edit.Before.Nodes.Count && edit.After.Links.Count == edit.Before.Links.Count && edit.After.ToText() != edit.Before.ToText()) ? null
            : ApiAnswers.Bad($"The {edit.Target} is in maintenance already: \"wecan maintenance list\" shows by which rule.");
    }

    private static LocalAnswer? End(Edit edit)
    {
        edit.After = MaintenanceRules.End(edit.Before, edit.Target, edit.Members);
        if (edit.After is not null && MaintenanceRules.IsOn(edit.After, edit.Target, edit.Members))
            edit.Notes = [$"The {edit.Target} is still in maintenance, by another rule: \"wecan maintenance list\" shows which."];
        return edit.After is not null ? null
            : ApiAnswers.Bad(MaintenanceRules.IsOn(edit.Before, edit.Target, edit.Members)
                ? $"The {edit.Target} is in maintenance by a rule that means more than it: \"wecan maintenance list\" shows which, and \"wecan policy edit\" changes it."
                : $"The {edit.Target} is not in maintenance: \"wecan maintenance list\" shows what is.");
    }

    private static bool TryReadTime(string text, out Duration? time)
    {
        time = null;
        if (text.Length == 0)
            return true;
        var isRead = ValueKinds.Duration.TryParse(text, out var length) is null && length >= TimeSpan.FromSeconds(1) && length <= InspectionLimits.LongestMaintenance;
        time = isRead ? Duration.FromSeconds((long)length.TotalSeconds) : null;
        return isRead;
    }

    /// <summary>One change of a policy on its way.</summary>
    private sealed class Edit(PolicyDocument before, MaintenanceTarget target, IReadOnlyCollection<Member> members, UnixTime? until)
    {
        /// <summary>When it is to be over; null for no time.</summary>
        public UnixTime? Until => until;

        public PolicyDocument Before => before;

        public MaintenanceTarget Target => target;

        public IReadOnlyCollection<Member> Members => members;

        public PolicyDocument? After { get; set; }

        public IReadOnlyList<string> Notes { get; set; } = [];
    }
}
