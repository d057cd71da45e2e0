using System.Text.Json.Nodes;
using WeCan.Programs;

namespace WeCan.Bench.Tunnel;

/// <summary>A controller, two edges and perhaps relays as the daemons that ship, with their defaults, on hosts of their own: tunnels from edge a come out at edge b.</summary>
internal sealed class TunnelOverlay : IDisposable
{
    private const int OverlayPort = 4_610;
    private const int ControllerPort = 4_700;

    private readonly Stack<Command> _running = new();
    private readonly Command? _controller;
    private readonly string _data = "";

    public TunnelOverlay(Namespaces hosts, string folder, string controllerHost, string controllerAddress, string addressA, string addressB, params TunnelSpec[] tunnels)
        : this(hosts, folder, controllerHost, controllerAddress, [new("a", addressA), new("b", addressB)], tunnels)
    {
    }

    /// <param name="hosts">Where they run.</param>
    /// <param name="folder">What they keep lies here.</param>
    /// <param name="controllerHost">The controller's host.</param>
    /// <param name="controllerAddress">Its address.</param>
    /// <param name="nodes">Hosts a and b are edges, all others relays.</param>
    /// <param name="tunnels">From a to b.</param>
    public TunnelOverlay(Namespaces hosts, string folder, string controllerHost, string controllerAddress, IReadOnlyList<NodeSpec> nodes, IReadOnlyList<TunnelSpec> tunnels)
    {
        try
        {
            var data = _data = Path.Combine(folder, Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(data);
            Daemon(hosts, controllerHost, "controller", ["init", "--name", "bench", "--data", Path.Combine(data, "c")], isCommand: true);
            _controller = Daemon(hosts, controllerHost, "controller", ["--data", Path.Combine(data, "c"), "--listen", $"{controllerAddress}:{ControllerPort}", "--controllers", $"{controllerAddress}:{ControllerPort}"]);
            _controller.Await("stands");
            foreach (var node in nodes)
                File.WriteAllText(Path.Combine(data, $"{node.Host}.json"), Config(hosts, controllerHost, controllerAddress, data, node, tunnels).ToJsonString());
            var started = nodes.Select(node => Daemon(hosts, node.Host, node.Role, ["--config", Path.Combine(data, $"{node.Host}.json")])).ToArray();
            foreach (var daemon in started)
                daemon.Await("Link to node");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What a node's daemon answers to a command of its own.</summary>
    public string Ask(NodeSpec node, params string[] words) =>
        Command.Run(ProjectPrograms.Daemon($"wecan-{node.Role}", [.. words, "--data", Path.Combine(_data, node.Host)]));

    public void StopController() => _controller!.Dispose();

    public void Dispose()
    {
        while (_running.TryPop(out var command))
            command.Dispose();
    }

    private JsonObject Config(Namespaces hosts, string controllerHost, string controllerAddress, string data, NodeSpec node, IReadOnlyList<TunnelSpec> tunnels)
    {
        var token = Daemon(hosts, controllerHost, "controller", ["token", "create", "--role", node.Role, "--name", node.Name, "--data", Path.Combine(data, "c")], isCommand: true).Finish(TimeSpan.Zero).Trim();
        var config = new JsonObject
        {
            ["data"] = Path.Combine(data, node.Host),
            ["listen"] = $"{node.Address}:{OverlayPort}",
            ["controllers"] = new JsonArray($"{controllerAddress}:{ControllerPort}"),
            ["token"] = token,
        };
        if (node.Host == "a")
            config["tunnels"] = new JsonArray([.. tunnels.Select(tunnel => tunnel.ToJson("edge-b"))]);
        else if (node.Host == "b")
        {
            config["tunnel_policy"] = new JsonObject { ["allow"] = new JsonArray(new JsonObject { ["from"] = new JsonArray("edge-a"), ["target"] = "127.0.0.1:*" }) };
        }

        return config;
    }

    private Command Daemon(Namespaces hosts, string host, string name, string[] arguments, bool isCommand = false)
    {
        var command = Command.Start(hosts.On(host, ProjectPrograms.Daemon($"wecan-{name}", arguments)));
        if (!isCommand)
            _running.Push(command);
        else if (arguments[0] == "init")
            command.Finish(TimeSpan.Zero);
        return command;
    }
}
