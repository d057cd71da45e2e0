using System.CommandLine;
using System.Text;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;

namespace WeCan.Runtime.Local;

/// <summary>The commands by which the daemon that runs tells about itself: status, links, routes. Plain text for people, with --json what the daemon said.</summary>
public static class NodeCommands
{
    /// <param name="clientOf">How to ask the daemon that runs with a configuration.</param>
    public static IReadOnlyList<DaemonCommand<TOptions>> All<TOptions>(Func<TOptions, LocalClient> clientOf)
        where TOptions : class => [Status(clientOf), Links(clientOf), Routes(clientOf)];

    /// <summary>For programs: what the daemon said, on one line.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON, for programs." };

    /// <summary>Prints what the daemon said: as it is for programs, else as the text that is made of it.</summary>
    public static async Task<int> PrintAsync<T>(ParseResult parse, Option<bool> json, LocalReply reply, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, Func<T, string> show)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(parse);
        ArgumentNullException.ThrowIfNull(reply);
        ArgumentNullException.ThrowIfNull(show);
        var report = reply.Read(type);
        await parse.InvocationConfiguration.Output.WriteLineAsync(parse.GetValue(json) ? Encoding.UTF8.GetString(reply.Json) : show(report));
        return ExitCodes.Ok;
    }

    private static DaemonCommand<TOptions> Status<TOptions>(Func<TOptions, LocalClient> clientOf)
        where TOptions : class
    {
        var json = JsonOption();
        return new(new("status", "Tell how the daemon that runs here is.") { json }, async (options, parse, cancellation) =>
        {
            var reply = await clientOf(options).AskAsync(HttpMethod.Get, "/v1/status", null, cancellation);
            return await PrintAsync(parse, json, reply, NodeJson.Default.NodeStatusReport, report => NodeTexts.Status(report, TimeProvider.System.GetUtcNow()));
        });
    }

    private static DaemonCommand<TOptions> Links<TOptions>(Func<TOptions, LocalClient> clientOf)
        where TOptions : class
    {
        var json = JsonOption();
        return new(new("links", "Show the links of the node that runs here, one for each other member.") { json }, async (options, parse, cancellation) =>
        {
            var reply = await clientOf(options).AskAsync(HttpMethod.Get, "/v1/links", null, cancellation);
            return await PrintAsync(parse, json, reply, NodeJson.Default.LinksReport, NodeTexts.Links);
        });
    }

    private static DaemonCommand<TOptions> Routes<TOptions>(Func<TOptions, LocalClient> clientOf)
        where TOptions : class
    {
        var json = JsonOption();
        var to = new Argument<string?>("to") { Description = "Only the ways to this node, by its number or name, and how Realtime fares on them.", Arity = ArgumentArity.ZeroOrOne };
        return new(new("routes", "Show the ways of the node that runs here to others, and which it takes now.") { to, json }, async (options, parse, cancellation) =>
        {
            var only = parse.GetValue(to);
            var reply = await clientOf(options).AskAsync(HttpMethod.Get, only is null ? "/v1/routes" : $"/v1/routes?to={Uri.EscapeDataString(only)}", null, cancellation);
            return await PrintAsync(parse, json, reply, NodeJson.Default.RoutesReport, NodeTexts.Routes);
        });
    }
}
