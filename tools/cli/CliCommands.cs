using System.CommandLine;
using System.Text.Json;
using WeCan.Contracts.Inspection;
using WeCan.Hosting.Daemon;

namespace WeCan.Cli;

/// <summary>What wecan can show.</summary>
internal static class CliCommands
{
    /// <summary>A stream of events that has ended is followed anew after this.</summary>
    private static readonly TimeSpan FollowAgain = TimeSpan.FromSeconds(1);

    public static IEnumerable<(Command Command, Func<CliCall, CancellationToken, Task> Run)> All()
    {
        yield return (new("status", "Show the network in a few lines."), (call, cancellation) =>
            call.ShowAsync("/v1/status", InspectionJson.Default.NetworkReport, report => CliTexts.Status(report, DateTimeOffset.UtcNow), cancellation));
        yield return (new("nodes", "Show the members of the network."), (call, cancellation) =>
            call.ShowAsync("/v1/nodes", InspectionJson.Default.NodesReport, report => CliTexts.Nodes(report, DateTimeOffset.UtcNow), cancellation));
        yield return Links();
        yield return Route();
        yield return Events();
        yield return (new("audit", "Show who changed what: the last changes. For the role operator."), (call, cancellation) =>
            call.ShowAsync("/v1/audit", InspectionJson.Default.AuditReport, CliTexts.Audit, cancellation));
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Links()
    {
        var node = new Argument<string?>("node") { Description = "Only those that this node reports, by its number or name.", Arity = ArgumentArity.ZeroOrOne };
        return (new("links", "Show the links that nodes report, each by both of its ends.") { node }, (call, cancellation) =>
        {
            var only = call.Parse.GetValue(node);
            return call.ShowAsync(only is null ? "/v1/links" : $"/v1/links?node={Uri.EscapeDataString(only)}", InspectionJson.Default.LinksReport, CliTexts.Links, cancellation);
        }
        );
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Route()
    {
        var from = new Argument<string>("from") { Description = "The one node, by its number or name." };
        var to = new Argument<string>("to") { Description = "The other." };
        var why = new Option<bool>("--why") { Description = "Tell why, what else there is and what it takes, since when, and what would change it." };
        var without = new Option<string[]>("--without") { Description = "What if: a node (\"relay-a\") or a link (\"relay-a/edge-b\") is thought away; may be given several times.", HelpName = "NODE" };
        var service = new Option<string?>("--class") { Description = "For whose traffic: realtime (media), signal (messages) or bulk (tunnels, files) [default: signal]", HelpName = "CLASS" };
        service.AcceptOnlyFromAmong("realtime", "signal", "bulk");
        return (new("route", "Show the ways that traffic takes from one node to another.") { from, to, why, service, without }, (call, cancellation) =>
        {
            var question = $"/v1/route?from={Uri.EscapeDataString(call.Parse.GetRequiredValue(from))}&to={Uri.EscapeDataString(call.Parse.GetRequiredValue(to))}";
            if (call.Parse.GetValue(service) is { } asked)
                question += $"&class={asked}";
            if (call.Parse.GetValue(without) is { Length: > 0 } gone)
                question += $"&without={Uri.EscapeDataString(string.Join(',', gone))}";
            return call.ShowAsync(question, InspectionJson.Default.RouteReport, report => CliTexts.Route(report, call.Parse.GetValue(why), DateTimeOffset.UtcNow), cancellation);
        }
        );
    }

    private static (Command Command, Func<CliCall, CancellationToken, Task> Run) Events()
    {
        var past = new Option<bool>("--past") { Description = "First what happened before, as far as the controller keeps it." };
        return (new("events", "Show what happens in the network, until you end it.") { past }, (call, cancellation) => EventsAsync(call, call.Parse.GetValue(past), cancellation));
    }

    /// <summary>A first question, which has an answer of its own, finds out what is wrong.</summary>
    private static async Task EventsAsync(CliCall call, bool isPast, CancellationToken cancellation)
    {
        var network = (await call.Client.GetAsync("/v1/status", cancellation)).Read(InspectionJson.Default.NetworkReport);

        // Before the first event that there is: what was missed since is the past that was asked for.
        var last = isPast ? "0" : null;
        var isTold = false;
        while (true)
        {
            await foreach (var line in call.Client.FollowAsync(last, cancellation))
            {
                if (!isTold)
                    await Console.Error.WriteLineAsync($"The events of {network.Network} follow, until you end it.");
                isTold = true;
                if (!line.StartsWith("data: ", StringComparison.Ordinal))
                    continue;
                var json = line["data: ".Length..];
                var happened = JsonSerializer.Deserialize(json, InspectionJson.Default.EventEntry) ?? throw new DaemonException("The controller sent an event that this program does not understand: is it of another version?", ExitCodes.Unavailable);
                var isGapOfPast = isPast && last == "0" && happened.Kind == "gap";
                last = $"{happened.Id}";
                if (isGapOfPast)
                    continue;
                await Console.Out.WriteLineAsync(call.IsJson ? json : CliTexts.Event(happened));
            }

            await Task.Delay(FollowAgain, cancellation);
        }
    }
}
