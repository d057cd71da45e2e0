using Microsoft.AspNetCore.Http;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.Service;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>What is said of spaces (docs/messagebus.md): the regions that they are pinned to.</summary>
internal sealed class SpaceApi(ControllerLoop loop, AccessApi access)
{
    private const string Spaces = "/v1/spaces";

    private static readonly ApiParameter Name = new("name", true, "The space.");
    private static readonly ApiParameter Regions = new("regions", false, "The regions whose edges let its clients in, with commas; all, unless given.");

    public IEnumerable<ApiOperation> Operations =>
    [
        new("GET", Spaces, "The spaces of which something was said.", context => ApiAnswers.KnownAsync(loop, () => loop.Do((core, _) => List(core, context), context.RequestAborted)))
        {
            Parameters = [new("name", false, "Only this one.")],
            Answers = InspectionJson.Default.SpacesReport,
        },
        Change("POST", "Makes a space, and says where its clients are let in.", context => SetAsync(context, isNew: true), Name, Regions),
        Change("PUT", "Says of a space anew where its clients are let in: those at other edges are let go of.", context => SetAsync(context, isNew: false), Name, Regions),
        Change("DELETE", "Takes away what was said of a space.", RemoveAsync, Name),
    ];

    private ApiOperation Change(string method, string summary, Func<HttpContext, Task<LocalAnswer>> change, params ApiParameter[] parameters) =>
        new(method, Spaces, summary, context => ApiAnswers.KnownAsync(loop, () => change(context))) { Role = ApiRole.Operator, Parameters = parameters, Answers = InspectionJson.Default.AuthChangeReport };

    private static LocalAnswer List(ControllerCore core, HttpContext context)
    {
        var name = context.Request.Query["name"].ToString();
        var (edges, current) = AccessApi.EdgesOf(core);
        var entries = (from row in core.Access.Book.Of(AccessKind.Space)
                       let space = Space.TryRead(row.Record, out var read) ? read : null
                       where space is not null && (name.Length == 0 || space.Name == name)
                       let its = core.History.Members.Count(member => member.Role == NodeRole.Edge && space.IsIn(member.Region))
                       select new SpaceEntry(space.Name, space.Regions, its, row.At.ToDateTimeOffset(), row.Who)).ToList();
        return name.Length > 0 && entries.Count == 0 ? ApiAnswers.Missing($"There is no space {name}: \"wecan space list\" shows those that there are.")
            : LocalAnswer.Done(new(core.Access.Book.Version.Number, edges, current, entries), InspectionJson.Default.SpacesReport);
    }

    private Task<LocalAnswer> SetAsync(HttpContext context, bool isNew)
    {
        if (NameOf(context, out var wrong) is not { } name)
            return Task.FromResult(wrong!);
        var text = context.Request.Query["regions"].ToString();
        List<string> regions = text.Length == 0 ? [] : [.. text.Split(',').Distinct(StringComparer.Ordinal)];
        return regions.Count > AccessLimits.MaxRegions || regions.Exists(region => !Space.IsRegion(region))
            ? Task.FromResult(ApiAnswers.Bad($"\"{text}\" is no region, nor at most {AccessLimits.MaxRegions} of them with commas: a region has up to {ControlLimits.MaxPlace} ASCII letters, digits, -, _ and dots."))
            : access.DoAsync(context, "space set", (desk, now, who) => desk.SetSpace(now, who, new(name, regions), isNew));
    }

    private Task<LocalAnswer> RemoveAsync(HttpContext context) => NameOf(context, out var wrong) is { } name
        ? access.DoAsync(context, "space remove", (desk, now, who) => desk.RemoveSpace(now, who, name))
        : Task.FromResult(wrong!);

    private static string? NameOf(HttpContext context, out LocalAnswer? wrong)
    {
        var name = context.Request.Query["name"].ToString();
        wrong = SpaceNames.IsOne(name) ? null : ApiAnswers.Bad($"\"{name}\" is no space: a space is 1 to {AccessLimits.MaxSpaceBytes} of a to z, digits, - and _.");
        return wrong is null ? name : null;
    }
}
