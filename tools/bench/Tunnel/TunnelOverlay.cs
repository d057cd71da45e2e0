using System.Text.Json.Nodes;
using WeCan.Programs;

namespace WeCan.Bench.Tunnel;

/// <summary>A controller and two edges as the daemons that ship, with their defaults, on hosts of their own: tunnels from edge a come out at edge b.</summary>
internal sealed class TunnelOverlay : IDisposable
{
    private const int OverlayPort = 4_610;
    private const int ControllerPort = 4_700;

    private readonly Stack<Command> _running = new();

    /// <param name="tunnels">A protocol and a port, the same at both ends.</param>
    public TunnelOverlay(Namespaces hosts, string folder, string controllerHost, string controllerAddress, string addressA, string addressB, params (string Protocol, int Port)[] tunnels)
    {
        try
        {
            var data = Path.Combine(folder, Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(data);
            Daemon(hosts, controllerHost, "controller", ["init", "--name", "bench", "--data", Path.Combine(data, "c")], isCommand: true);
            Daemon(hosts, controllerHost, "controller", ["--data", Path.Combine(data, "c"), "--listen", $"{controllerAddress}:{ControllerPort}", "--controllers", $"{controllerAddress}:{ControllerPort}"]).Await("stands");
            var edges = ((string Name, string Address)[])[("a", addressA), ("b", addressB)];
            foreach (var (name, address) in edges)
                File.WriteAllText(Path.Combine(data, $"{name}.json"), Config(hosts, controllerHost, controllerAddress, data, name, address, tunnels).ToJsonString());
            var started = edges.Select(edge => Daemon(hosts, edge.Name, "edge", ["--config", Path.Combine(data, $"{edge.Name}.json")])).ToArray();
            foreach (var edge in started)
                edge.Await("Link to node");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        while (_running.TryPop(out var command))
            command.Dispose();
    }

    private JsonObject Config(Namespaces hosts, string controllerHost, string controllerAddress, string data, string name, string address, (string Protocol, int Port)[] tunnels)
    {
        var token = Daemon(hosts, controllerHost, "controller", ["token", "create", "--role", "edge", "--name", $"edge-{name}", "--data", Path.Combine(data, "c")], isCommand: true).Finish(TimeSpan.Zero).Trim();
        var config = new JsonObject
        {
            ["data"] = Path.Combine(data, name),
            ["listen"] = $"{address}:{OverlayPort}",
            ["controllers"] = new JsonArray($"{controllerAddress}:{ControllerPort}"),
            ["token"] = token,
        };
        if (name == "a")
        {
            config["tunnels"] = new JsonArray([.. tunnels.Select(tunnel => new JsonObject
            {
                ["listen"] = $"{tunnel.Protocol}://127.0.0.1:{tunnel.Port}",
                ["exit"] = "edge-b",
                ["target"] = $"127.0.0.1:{tunnel.Port}",
            })]);
        }
        else
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
