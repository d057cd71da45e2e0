using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using WeCan.Contracts;
using WeCan.Lab.Messages;
using WeCan.Lab.Wan;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Runtime;

namespace WeCan.Lab.Nodes;

/// <summary>
/// One node of the lab in a process of its own: takes orders from stdin and answers on stdout, a line each. It stops, saying goodbye, when stdin
/// ends, which it also does when the lab itself is gone.
/// </summary>
internal sealed class NodeProcess : IDisposable
{
    /// <summary>The argument that makes the program a node. It is not for people, and so is in no help.</summary>
    public const string Argument = "node";

    private readonly string _name;
    private readonly P256KeyPair _key = MakeKey();
    private readonly LabHost _host;
    private readonly OverlayDriver _driver;
    private ScenarioEgress? _egress;
    private Duration _lateBefore;

    private NodeProcess(NodeSetup setup)
    {
        _name = setup.Name;
        _host = new LabHost(setup.Name);
        var scenario = Scenario.Parse(setup.ScenarioText, "the scenario");
        _driver = OverlayDriver.Start(
            new()
            {
                Node = new() { Id = LabPlan.IdOf(setup.Name), Epoch = BootEpochSource.Next(TimeProvider.System, stateFile: null), Key = _key },
                Bind = new IPEndPoint(IPAddress.Loopback, 0),
                WrapEgress = socket => _egress = new ScenarioEgress(socket, scenario, setup.Name),
            },
            _host);
    }

    public static async Task<int> RunAsync(TextReader orders, TextWriter answers)
    {
        // Ctrl-C goes to the whole group of processes: the lab handles it, and ends stdin.
        Console.CancelKeyPress += (_, press) => press.Cancel = true;
        NodeProcess? node = null;
        try
        {
            while (await orders.ReadLineAsync() is { } line)
            {
                var order = JsonSerializer.Deserialize(line, LabJson.Default.NodeOrder) ?? new NodeOrder();
                if (order.Setup is not null)
                    node ??= new NodeProcess(order.Setup);
                if (node is not null && await node.HandleAsync(order) is { } answer)
                    await answers.WriteLineAsync(LabJson.Write(answer));
                await answers.FlushAsync();
            }

            return 0;
        }
        catch (Exception failure) when (failure is RuntimeStartException or LabException or JsonException or FormatException)
        {
            await answers.WriteLineAsync(LabJson.Write(new NodeAnswer { Error = failure.Message }));
            return 1;
        }
        finally
        {
            node?.Dispose();
        }
    }

    public void Dispose()
    {
        _driver.Dispose();
        _key.Dispose();
    }

    private static P256KeyPair MakeKey()
    {
        Span<byte> seed = stackalloc byte[DeterministicRandom.SeedBytes];
        RandomNumberGenerator.Fill(seed);
        return P256KeyPair.Generate(new DeterministicRandom(seed));
    }

    private async Task<NodeAnswer?> HandleAsync(NodeOrder order)
    {
        if (order.Setup is not null)
        {
            return new()
            {
                Hello = new(_driver.LocalAddress.ToString(), Convert.ToBase64String(_key.PublicKey.ToArray()), [.. _host.Notices]),
            };
        }

        var toLocal = LocalTime.OffsetOf(_driver.Clock);
        if (order.Join is { } join)
            await AskAsync((node, now) => Join(node, now, join, toLocal));
        if (order.Forget)
        {
            await AskAsync(_host.Forget);
            _lateBefore = _driver.Statistics.LateTime;
        }

        if (order.Start)
            await AskAsync((node, now) => _host.Start(node, now, toLocal));
        if (order.Halt)
            await AskAsync((_, _) => _host.Halt());
        NodeReport? report = null;
        if (order.Report)
            await AskAsync((node, _) => report = _host.Report(node, _egress!, _driver.Statistics, _lateBefore));
        return report is null ? null : new() { Report = report };
    }

    private void Join(Node node, MonoTime now, NodeJoin join, Duration toLocal)
    {
        var addresses = join.Peers.Select(peer => (peer.Name, Address: Parse(peer.Address))).ToArray();
        _egress!.Join(toLocal - new Duration(join.ScenarioStart), addresses);
        foreach (var peer in join.Peers)
        {
            if (!P256PublicKey.TryRead(Convert.FromBase64String(peer.Key), out var key)
                || !node.TryAddPeer(now, LabPlan.IdOf(peer.Name), key, peer.IsDialled ? Parse(peer.Address) : NetAddress.None))
                throw new LabException($"{_name} cannot take {peer.Name} as its peer.");
        }

        if (join.Route.Length > 0 && !node.TrySetRoute([.. join.Route.Select(LabPlan.IdOf)]))
            throw new LabException($"{_name} cannot take the route {string.Join(" – ", join.Route)}.");
    }

    /// <summary>Has the loop do something and waits until it has; a fault of the loop comes out here.</summary>
    private async Task AskAsync(Action<Node, MonoTime> action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var posted = _driver.Post((node, now) =>
        {
            try
            {
                action(node, now);
                done.SetResult();
            }
            catch (LabException failure)
            {
                done.SetException(failure);
            }
        });
        if (posted != PostResult.Accepted)
            throw new LabException($"The loop of {_name} takes no command: {posted}.");
        await await Task.WhenAny(done.Task, _driver.Completion);
    }

    private static NetAddress Parse(string text) =>
        NetAddress.TryParse(text, out var address) ? address : throw new LabException($"{text} is no address.");
}
