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
        var verb = new Argument<string>("do") { Description = "create: make one and print it, the only time that it is shown. list: show all, without their secrets. revoke ID: let nobody in with it any more." };
        verb.AcceptOnlyFromAmong("create", "list", "revoke");
        var id = new Argument<string>("id") { Description = "With revoke: the token's id, as the list shows it.", Arity = ArgumentArity.ZeroOrOne };
        var role = new Option<string>("--role") { Description = "With create: what the node will be, relay or edge." };
        role.AcceptOnlyFromAmong("relay", "edge");
        var name = new Option<string>("--name") { Description = "With create: the node's name." };
        var region = new Option<string>("--region") { Description = "With create: the node's region." };
        var site = new Option<string>("--site") { Description = "With create: the node's site." };
        var owner = new Option<string>("--operator") { Description = "With create: who operates the node." };
        var uses = new Option<int>("--uses") { Description = "With create: how many nodes it lets in.", DefaultValueFactory = _ => 1 };
        var valid = new Option<string>("--valid") { Description = "With create: for how long.", DefaultValueFactory = _ => "1h" };
        return new(new("token", "Tokens that let nodes in.") { verb, id, role, name, region, site, owner, uses, valid }, async (settings, parse, cancellation) =>
        {
            var asked = parse.GetRequiredValue(verb);
            if (asked == "create" && parse.GetValue(role) is null)
                throw new DaemonException("A token is for a role: write --role relay or --role edge.", ExitCodes.Usage);
            return await AskAsync(settings, $"token {asked}", parse, cancellation, new(StringComparer.Ordinal)
            {
                ["role"] = parse.GetValue(role) ?? "",
                ["name"] = parse.GetValue(name) ?? "",
                ["region"] = parse.GetValue(region) ?? "",
                ["site"] = parse.GetValue(site) ?? "",
                ["operator"] = parse.GetValue(owner) ?? "",
                ["uses"] = parse.GetValue(uses).ToString(CultureInfo.InvariantCulture),
                ["valid_seconds"] = Seconds(parse.GetValue(valid)!),
                ["id"] = parse.GetValue(id) ?? "",
            });
        });
    }

    private static DaemonCommand<ControllerSettings> Node()
    {
        var verb = new Argument<string>("do") { Description = "list: show the members. revoke NUMBER: end a node's membership, everywhere and at once." };
        verb.AcceptOnlyFromAmong("list", "revoke");
        var number = new Argument<string>("number") { Description = "With revoke: the node's number.", Arity = ArgumentArity.ZeroOrOne };
        return new(new("node", "Members of the network.") { verb, number }, (settings, parse, cancellation) =>
            AskAsync(settings, $"node {parse.GetRequiredValue(verb)}", parse, cancellation, new(StringComparer.Ordinal) { ["number"] = parse.GetValue(number) ?? "" }));
    }

    private static DaemonCommand<ControllerSettings> Link()
    {
        var verb = new Argument<string>("do") { Description = "list: show the links that nodes report, each by both of its ends." };
        verb.AcceptOnlyFromAmong("list");
        var node = new Argument<string>("node") { Description = "Only those of this node, by its number or name.", Arity = ArgumentArity.ZeroOrOne };
        return new(new("link", "Links between nodes.") { verb, node }, (settings, parse, cancellation) =>
            AskAsync(settings, $"link {parse.GetRequiredValue(verb)}", parse, cancellation, new(StringComparer.Ordinal) { ["node"] = parse.GetValue(node) ?? "" }));
    }

    private static DaemonCommand<ControllerSettings> Route()
    {
        var verb = new Argument<string>("do") { Description = "show: what was chosen between two nodes, what it takes now, and why." };
        verb.AcceptOnlyFromAmong("show");
        var from = new Argument<string>("from") { Description = "The one node, by its number or name." };
        var to = new Argument<string>("to") { Description = "The other." };
        return new(new("route", "Ways from node to node.") { verb, from, to }, (settings, parse, cancellation) =>
            AskAsync(settings, $"route {parse.GetRequiredValue(verb)}", parse, cancellation, new(StringComparer.Ordinal) { ["from"] = parse.GetRequiredValue(from), ["to"] = parse.GetRequiredValue(to) }));
    }

    private static DaemonCommand<ControllerSettings> ApiTokens()
    {
        var role = new Option<string>("--role") { Description = "What it allows: viewer, operator (lets nodes in and takes them out) or admin (makes tokens of the API).", Required = true };
        role.AcceptOnlyFromAmong("viewer", "operator", "admin");
        var name = new Option<string>("--name") { Description = "Whom it is for; the audit log names it.", Required = true };
        var valid = new Option<string>("--valid") { Description = "For how long.", DefaultValueFactory = _ => "30d" };
        var id = new Argument<string>("id") { Description = "The token's id, as the list shows it." };
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
            throw new DaemonException(problem.Message, ExitCodes.Io, problem);
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
