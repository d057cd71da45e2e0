using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Admin;
using WeCan.Controller.Core;
using WeCan.Controller.History;
using WeCan.Controller.Inspection.Quality;
using WeCan.Controller.Service;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Inspection;

/// <summary>
/// All that can be asked of a controller, the same on the socket in its data folder and over TLS. What the core knows is read within a step of
/// the loop, as a copy; what takes longer is reckoned from that copy elsewhere.
/// </summary>
internal sealed class InspectionDesk
{
    public const string Document = "/v1/openapi.json";

    private readonly ControllerLoop _loop;
    private readonly AdminDesk _admin;
    private readonly InspectionFacts _facts;
    private readonly RouteHistory _history = new();
    private readonly EventHub _hub;
    private readonly EventWatch _watch;
    private readonly QualityWatch _quality;
    private readonly byte[] _document;

    public InspectionDesk(ControllerLoop loop, AdminDesk admin, InspectionFacts facts, ILogger log, HistoryReader? past = null)
    {
        (_loop, _admin, _facts) = (loop, admin, facts);
        _hub = new(UnixTime.From(facts.Started));
        _watch = new(_hub, _history);
        _quality = new(_hub, _history, log);
        loop.Looked = Look;
        var trials = new PolicyTrials(loop);
        var setter = new PolicySetter(loop, trials, log);
        var access = new AccessApi(loop, log);
        Operations =
        [
            Read("/v1/status", "The network in a few numbers.", InspectionJson.Default.NetworkReport, (core, now) => InspectionReports.Network(core, now, facts, loop.Mode)),
            Read("/v1/nodes", "The members.", InspectionJson.Default.NodesReport, InspectionReports.Nodes),
            new("GET", "/v1/links", "The links that nodes report, each by both of its ends.", context => LinksAsync(context))
            {
                Parameters = [new("node", false, "Only those that this node reports, by its number or name.")],
                Answers = InspectionJson.Default.LinksReport,
            },
            new("GET", "/v1/route", "The ways between two nodes: what was chosen, what else there is, why, and what would change it.", RouteAsync)
            {
                Parameters =
                [
                    new("from", true, "The one node, by its number or name."),
                    new("to", true, "The other."),
                    new("class", false, "For whose traffic: \"realtime\", \"signal\" (unless given) or \"bulk\"."),
                    new("without", false, "What if: nodes (\"relay-a\") and links (\"relay-a/edge-b\") that are thought away, with commas."),
                ],
                Answers = InspectionJson.Default.RouteReport,
            },
            .. new HistoryOperations(loop, past, facts.Time).All(),
            new("GET", "/v1/events", "What happens, as server-sent events, each with the JSON of an event; with Last-Event-ID from there on.", EventsAsync) { ContentType = "text/event-stream" },
            Read("/v1/audit", "Who changed what: the last changes.", InspectionJson.Default.AuditReport, (core, _) => InspectionReports.Audit(core)) with { Role = ApiRole.Operator },
            .. new PolicyApi(loop, setter, trials).Operations,
            .. new MaintenanceApi(loop, setter).Operations,
            .. access.Operations,
            .. new SpaceApi(loop, access).Operations,
            new("POST", AdminClient.Question, "Does a command of wecan-controller, such as \"token create\" or \"node revoke\"; which role may is the command's.", CommandAsync)
            {
                Asks = AdminJson.Default.AdminRequest,
                Answers = AdminJson.Default.AdminAnswer,
            },
            new("GET", Document, "This document.", _ => Task.FromResult<LocalAnswer?>(new(StatusCodes.Status200OK, _document!))) { Role = null },
        ];
        _document = ApiDocument.Make(Operations, facts.Version);
    }

    public IReadOnlyList<ApiOperation> Operations { get; }

    /// <summary>Ten seconds of the history are over. On the loop's thread.</summary>
    public void Take(HistorySlot slot) => _quality.Take(slot);

    public ApiEndpoints Endpoints()
    {
        var endpoints = new ApiEndpoints();
        foreach (var operation in Operations)
            endpoints.Add(operation.Method, operation.Path, operation.Answer);
        return endpoints;
    }

    /// <summary>The least role that may ask; of what is not there, a viewer hears that it is not.</summary>
    public ApiRole? RoleOf(HttpRequest request) =>
        Operations.FirstOrDefault(operation => operation.Method == request.Method && EndpointPath.Matches(operation.Path, request.Path.Value ?? "")) is { } known ? known.Role : ApiRole.Viewer;

    private void Look(ControllerCore core, ControllerTime now)
    {
        _watch.Look(core, now);
        _quality.Look(core, now);
    }

    private ApiOperation Read<T>(string path, string summary, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Func<ControllerCore, ControllerTime, T> read) =>
        new("GET", path, summary, async context => await KnownAsync(async () => LocalAnswer.Done(await _loop.Do(read, context.RequestAborted), type))) { Answers = type };

    private Task<LocalAnswer?> LinksAsync(HttpContext context) => KnownAsync(async () =>
    {
        var only = context.Request.Query["node"].ToString();
        return await _loop.Do(
            (core, now) => only.Length == 0 || InspectionReports.TryFind(core, only, out _)
                ? LocalAnswer.Done(InspectionReports.Links(core, now, only), InspectionJson.Default.LinksReport)
                : ApiAnswers.NoNode(only),
            context.RequestAborted);
    });

    private Task<LocalAnswer?> RouteAsync(HttpContext context) => KnownAsync(async () =>
    {
        var (from, to) = (context.Request.Query["from"].ToString(), context.Request.Query["to"].ToString());
        var without = context.Request.Query["without"].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (from.Length == 0 || to.Length == 0)
            return ApiAnswers.Bad("A route is asked for with both of its ends: write from=NODE and to=NODE.");
        if (!TryRead(context.Request.Query["class"].ToString(), out var service))
            return ApiAnswers.Bad("There is no such class of traffic: write class=realtime, signal or bulk.");
        if (without.Count > InspectionLimits.Without)
            return ApiAnswers.Bad($"{without.Count} nodes and links are thought away: at most {InspectionLimits.Without} can be.");
        var (look, wrong, nodes, links) = await _loop.Do((core, now) => Look(core, now, from, to, service, without), context.RequestAborted);
        if (wrong is not null)
            return wrong;
        var explainer = new RouteExplainer(look!);
        return LocalAnswer.Done(without.Count > 0 ? explainer.WhatIf(nodes, links) : explainer.Explain(), InspectionJson.Default.RouteReport);
    });

    private (RouteLook? Look, LocalAnswer? Wrong, List<NodeId> Nodes, List<(NodeId One, NodeId Other)> Links) Look(ControllerCore core, ControllerTime now, string from, string to, RouteClass service, List<string> without)
    {
        List<NodeId> nodes = [];
        List<(NodeId One, NodeId Other)> links = [];
        if (!InspectionReports.TryFind(core, from, out var origin))
            return (null, ApiAnswers.NoNode(from), nodes, links);
        if (!InspectionReports.TryFind(core, to, out var destination))
            return (null, ApiAnswers.NoNode(to), nodes, links);
        if (origin == destination)
            return (null, ApiAnswers.SameNode(), nodes, links);
        foreach (var text in without)
        {
            var ends = text.Split('/');
            var found = new List<NodeId>();
            foreach (var end in ends)
            {
                if (!InspectionReports.TryFind(core, end, out var node))
                    return (null, ApiAnswers.NoNode(end), nodes, links);
                found.Add(node);
            }

            if (found.Count > 2 || (found.Count == 2 && found[0] == found[1]))
                return (null, ApiAnswers.Bad($"\"{text}\" is neither a node nor a link: write \"relay-a\" or \"relay-a/edge-b\"."), nodes, links);
            if (found.Count == 1)
                nodes.Add(found[0]);
            else
                links.Add((found[0], found[1]));
        }

        return (RouteLook.Take(core, now, _history, origin, destination, service), null, nodes, links);
    }

    private static bool TryRead(string text, out RouteClass service)
    {
        service = text switch { "realtime" => RouteClass.Realtime, "bulk" => RouteClass.Bulk, _ => RouteClass.Signal };
        return text is "" or "realtime" or "signal" or "bulk";
    }

    private async Task<LocalAnswer?> EventsAsync(HttpContext context)
    {
        var last = context.Request.Headers["Last-Event-ID"].ToString();
        var after = long.TryParse(last, out var seen) ? seen : (long?)null;
        if (_hub.Follow(UnixTime.From(_facts.Time.GetUtcNow()), after, out var leave) is not { } events)
            return LocalAnswer.Refused(StatusCodes.Status503ServiceUnavailable, ExitCodes.TemporarilyNot, $"{InspectionLimits.Streams} follow the events already: come back later.");
        try
        {
            await EventStream.WriteAsync(context, events, _facts.Time);
        }
        catch (OperationCanceledException)
        {
            // Who followed has gone.
        }
        finally
        {
            leave();
        }

        return null;
    }

    private async Task<LocalAnswer?> CommandAsync(HttpContext context)
    {
        AdminRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync(context.Request.Body, AdminJson.Default.AdminRequest, context.RequestAborted);
        }
        catch (JsonException)
        {
            request = null;
        }

        if (request?.Command is null || request.Arguments is null || request.Arguments.Values.Any(value => value is null))
            return ApiAnswers.Bad("This is no command: is the program of another version than the controller that runs?");
        var caller = Caller.Of(context);
        var least = AdminCommands.RoleOf(request.Command);
        if (!caller.IsLocal && (least is null || caller.Role < least))
        {
            return LocalAnswer.Refused(StatusCodes.Status403Forbidden, ExitCodes.NoPermission, least is null
                ? $"\"{request.Command}\" is done on the controller's own machine: run wecan-controller there."
                : $"{caller.Who} is for {(caller.Role == ApiRole.Viewer ? "a" : "an")} {ApiGate.Word(caller.Role)}, and \"{request.Command}\" is for an {ApiGate.Word(least.Value)}.");
        }

        var answer = await _admin.RunAsync(request, caller.Who, context.RequestAborted);
        return answer.IsDone ? LocalAnswer.Done(answer, AdminJson.Default.AdminAnswer)
            : answer.IsStore ? LocalAnswer.Refused(StatusCodes.Status503ServiceUnavailable, ExitCodes.Io, answer.Text)
            : ApiAnswers.Bad(answer.Text);
    }

    private Task<LocalAnswer?> KnownAsync(Func<Task<LocalAnswer>> answer) => ApiAnswers.KnownAsync(_loop, answer);
}
