using System.CommandLine;
using System.Globalization;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;

namespace WeCan.Controller.Service;

/// <summary>What an operator does with a controller beside running it.</summary>
internal static class ControllerCommands
{
    public static IReadOnlyList<DaemonCommand<ControllerSettings>> All { get; } = [Init(), Token(), Node(), Link(), Route(), ApiTokens(), .. KeepingCommands.All];

    private static DaemonCommand<ControllerSettings> Init()
    {
        var name = new Option<string>("--name") { Description = "The network's name.", Required = true, HelpName = "NETWORK" };
        var database = KeepingCommands.DatabaseFile();
        return new(new("init", "Make a network: its authority, this controller's certificate, and an empty store.") { name, database }, (settings, parse, _) =>
        {
            var folder = new DataFolder(settings.Data);
            var network = NetworkInit.Run(folder, parse.GetRequiredValue(name), settings.Id, TimeProvider.System.GetUtcNow(), KeepingCommands.Database(parse.GetValue(database)));
            using var authority = folder.LoadAuthority();
            parse.InvocationConfiguration.Output.WriteLine($"Network {network.Name} ({network.Id}) is made in {folder.Path}.\nAuthority {authority.Fingerprint}");
            return Task.FromResult(ExitCodes.Ok);
        });
    }

    private static DaemonCommand<ControllerSettings> Token()
    {
        var role = new Option<string>("--role") { Description = "What the node will be.", Required = true, HelpName = "relay|edge" };
        role.AcceptOnlyFromAmong("relay", "edge");
        var name = new Option<string>("--name") { Description = "The node's name.", HelpName = "NAME" };
        var region = new Option<string>("--region") { Description = "The node's region.", HelpName = "NAME" };
        var site = new Option<string>("--site") { Description = "The node's site.", HelpName = "NAME" };
        var owner = new Option<string>("--operator") { Description = "Who operates the node.", HelpName = "NAME" };
        var uses = new Option<int>("--uses") { Description = "How many nodes it lets in.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var valid = new Option<string>("--valid") { Description = "For how long.", DefaultValueFactory = _ => "1h", HelpName = "TIME" };
        var id = new Argument<string>("ID") { Description = "The token's id, as the list shows it." };
        return DaemonCommand<ControllerSettings>.Group(
            new("token", "Tokens that let nodes in."),
            new(new("create", "Make one and print it, the only time that it is shown.") { role, name, region, site, owner, uses, valid }, (settings, parse, cancellation) =>
                AskAsync(settings, "token create", parse, cancellation, new(StringComparer.Ordinal)
                {
                    ["role"] = parse.GetRequiredValue(role),
                    ["name"] = parse.GetValue(name) ?? "",
                    ["region"] = parse.GetValue(region) ?? "",
                    ["site"] = parse.GetValue(site) ?? "",
                    ["operator"] = parse.GetValue(owner) ?? "",
                    ["uses"] = parse.GetValue(uses).ToString(CultureInfo.InvariantCulture),
                    ["valid_seconds"] = Seconds(parse.GetValue(valid)!),
                })),
            new(new("list", "Show all, without their secrets."), (settings, parse, cancellation) => AskAsync(settings, "token list", parse, cancellation, new(StringComparer.Ordinal))),
            new(new("revoke", "Let nobody in with it any more.") { id }, (settings, parse, cancellation) =>
                AskAsync(settings, "token revoke", parse, cancellation, new(StringComparer.Ordinal) { ["id"] = parse.GetRequiredValue(id) })));
    }

    private static DaemonCommand<ControllerSettings> Node()
    {
        var number = new Argument<string>("NUMBER") { Description = "The node's number, as the list shows it." };
        return DaemonCommand<ControllerSettings>.Group(
            new("node", "Members of the network."),
            new(new("list", "Show the members."), (settings, parse, cancellation) => AskAsync(settings, "node list", parse, cancellation, new(StringComparer.Ordinal))),
            new(new("revoke", "End a node's membership, everywhere and at once.") { number }, (settings, parse, cancellation) =>
                AskAsync(settings, "node revoke", parse, cancellation, new(StringComparer.Ordinal) { ["number"] = parse.GetRequiredValue(number) })));
    }

    private static DaemonCommand<ControllerSettings> Link()
    {
        var node = new Argument<string>("NODE") { Description = "Only those of this node, by its number or name.", Arity = ArgumentArity.ZeroOrOne };
        return DaemonCommand<ControllerSettings>.Group(
            new("link", "Links between nodes."),
            [new(new("list", "Show the links that nodes report, each by both of its ends.") { node }, (settings, parse, cancellation) =>
                AskAsync(settings, "link list", parse, cancellation, new(StringComparer.Ordinal) { ["node"] = parse.GetValue(node) ?? "" }))]);
    }

    private static DaemonCommand<ControllerSettings> Route()
    {
        var from = new Argument<string>("FROM") { Description = "The one node, by its number or name." };
        var to = new Argument<string>("TO") { Description = "The other." };
        return DaemonCommand<ControllerSettings>.Group(
            new("route", "Ways from node to node."),
            [new(new("show", "Show what was chosen between two nodes, what it takes now, and why.") { from, to }, (settings, parse, cancellation) =>
                AskAsync(settings, "route show", parse, cancellation, new(StringComparer.Ordinal) { ["from"] = parse.GetRequiredValue(from), ["to"] = parse.GetRequiredValue(to) }))]);
    }

    private static DaemonCommand<ControllerSettings> ApiTokens()
    {
        var role = new Option<string>("--role") { Description = "What it allows: viewer, operator (lets nodes in and takes them out) or admin (makes tokens of the API).", Required = true, HelpName = "viewer|operator|admin" };
        role.AcceptOnlyFromAmong("viewer", "operator", "admin");
        var name = new Option<string>("--name") { Description = "Whom it is for; the audit log names it.", Required = true, HelpName = "NAME" };
        var valid = new Option<string>("--valid") { Description = "For how long.", DefaultValueFactory = _ => "30d" };
        var id = new Argument<string>("ID") { Description = "The token's id, as the list shows it." };
        return DaemonCommand<ControllerSettings>.Group(
            new("api-token", "Tokens that let programs ask over the inspection API."),
            new(new("create", "Make one and print it, the only time that it is shown.") { role, name, valid }, (settings, parse, cancellation) =>
                AskAsync(settings, "api-token create", parse, cancellation, new(StringComparer.Ordinal)
                {
                    ["role"] = parse.GetRequiredValue(role),
                    ["name"] = parse.GetRequiredValue(name),
                    ["valid_seconds"] = Seconds(parse.GetValue(valid)!),
                })),
            new(new("list", "Show all, without their secrets."), (settings, parse, cancellation) => AskAsync(settings, "api-token list", parse, cancellation, new(StringComparer.Ordinal))),
            new(new("revoke", "Let it open nothing any more.") { id }, (settings, parse, cancellation) =>
                AskAsync(settings, "api-token revoke", parse, cancellation, new(StringComparer.Ordinal) { ["id"] = parse.GetRequiredValue(id) })));
    }

    private static async Task<int> AskAsync(ControllerSettings settings, string command, ParseResult parse, CancellationToken cancellation, Dictionary<string, string> arguments)
    {
        try
        {
            var answer = await AdminClient.RunAsync(new(settings.Data), new(command, arguments), cancellation);
            if (!answer.IsDone)
                throw new DaemonException(answer.Text, answer.IsStore ? ExitCodes.Io : answer.NeedsController ? ExitCodes.Unavailable : ExitCodes.Usage);
            await parse.InvocationConfiguration.Output.WriteLineAsync(answer.Text);
            return ExitCodes.Ok;
        }
        catch (StoreException problem)
        {
            throw new DaemonException(problem.Message, problem.ExitCode, problem);
        }
    }

    /// <summary>"90s", "30m", "1h" or "7d".</summary>
    private static string Seconds(string text)
    {
        var unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        return unit > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? ((long)count * unit).ToString(CultureInfo.InvariantCulture)
            : throw new DaemonException($"--valid is \"{text}\", which is no time: write it as 90s, 30m, 1h or 7d.", ExitCodes.Usage);
    }
}
