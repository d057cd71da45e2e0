using System.Globalization;
using System.Text.Json.Nodes;
using WeCan.Contracts;
using WeCan.Lab.Play;
using WeCan.Lab.Wan;

namespace WeCan.Lab.Daemons;

/// <summary>
/// One node's configuration file: who it is, its tunnels, and the network as the scenario has it, one rule for each other node. It is written anew when
/// the scenario changes something for it.
/// </summary>
internal sealed class NodeConfig(LabPorts ports, string name, string folder, string token, LabPlan plan)
{
    public string File { get; } = Path.Combine(folder, $"{name}.json");

    public string Data { get; } = Path.Combine(folder, name);

    public void Write(NetworkState network)
    {
        var config = new JsonObject
        {
            ["data"] = Data,
            ["listen"] = $"127.0.0.1:{ports.Overlay[name]}",
            ["controllers"] = new JsonArray($"127.0.0.1:{ports.Controller}"),
            ["token"] = token,
            ["metrics"] = new JsonObject { ["listen"] = $"127.0.0.1:{ports.Metrics[name]}" },
            ["impair"] = new JsonObject { ["to"] = new JsonArray([.. plan.Nodes.Where(other => other != name).Select(other => Rule(other, network.Path(name, other)))]) },
        };
        if (plan.RoleOf(name) == "edge")
        {
            config["tunnels"] = new JsonArray([.. plan.Flows.Where(flow => flow.From == name).Select(flow => Tunnel(flow.Class, flow.To))]);
            config["tunnel_policy"] = new JsonObject
            {
                ["allow"] = new JsonArray(new JsonObject { ["from"] = new JsonArray("*"), ["target"] = "127.0.0.1/32:*" }),
            };
        }

        System.IO.File.WriteAllText(File, config.ToJsonString());
    }

    private JsonObject Rule(string other, LinkSettings path) => new()
    {
        ["address"] = $"127.0.0.1:{ports.Overlay[other]}",
        ["loss"] = path.Down ? 1 : path.Loss,
        ["burst"] = Math.Max(1, path.Burst),
        ["duplicate"] = path.Duplicate,
        ["reorder"] = path.Reorder,
        ["delay"] = Time(path.Delay),
        ["jitter"] = Time(path.Jitter),
        ["rate"] = $"{path.Rate.BitsPerSecond}bit/s",
        ["queue"] = Time(path.Queue),
    };

    private JsonObject Tunnel(ServiceClass serviceClass, string to)
    {
        var isSignal = serviceClass == ServiceClass.Signal;
        var tunnel = new JsonObject
        {
            ["listen"] = $"{(isSignal ? "tcp" : "udp")}://127.0.0.1:{ports.Entrances[(serviceClass, name)]}",
            ["exit"] = to,
            ["target"] = $"127.0.0.1:{ports.Targets[(serviceClass, name)]}",
        };
        if (isSignal)
            tunnel["class"] = "signal";
        else
            tunnel["deadline"] = Time(LabLimits.RealtimeDeadline);
        return tunnel;
    }

    private static string Time(Duration time) => $"{(time.Nanoseconds / 1_000).ToString(CultureInfo.InvariantCulture)}us";
}
