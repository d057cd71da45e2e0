using WeCan.Lab.Play;
using WeCan.Lab.Wan;
using WeCan.Programs;

namespace WeCan.Lab.Daemons;

/// <summary>
/// The overlay of a lab: a controller and a process for each node, with tokens, keys and configurations in a folder of its own,
/// which is gone afterwards unless something failed. Starts them, plays the scenario's changes on them, and ends them.
/// </summary>
internal sealed class LabNetwork : IAsyncDisposable
{
    private readonly LabPlan _plan;
    private readonly Scenario _scenario;
    private readonly NetworkState _state;
    private readonly string _folder = Directory.CreateTempSubdirectory("wecan-lab-").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = LabLimits.AnswerBound };
    private readonly Dictionary<string, NodeConfig> _configs = new(StringComparer.Ordinal);
    private LabDaemon? _controller;

    public LabNetwork(LabPlan plan, Scenario scenario)
    {
        (_plan, _scenario, _state) = (plan, scenario, new(scenario));
        Ports = new(plan);
    }

    public LabPorts Ports { get; }

    /// <summary>Those that run, by name.</summary>
    public Dictionary<string, LabDaemon> Nodes { get; } = new(StringComparer.Ordinal);

    public string ControllerFolder => Path.Combine(_folder, "controller");

    /// <summary>Where the logs stay when something failed.</summary>
    public string Folder => _folder;

    public bool KeepFolder { get; set; }

    public NetworkState State => _state;

    public async Task StartAsync(Action<string> tell, CancellationToken cancellation)
    {
        tell("making a network and starting its controller");
        await RunControllerAsync("init", "--name", "lab");
        _controller = LabDaemon.Start("controller", "wecan-controller", Ports.ControllerMetrics, LogOf("controller"), _http,
            "--data", ControllerFolder, "--listen", $"127.0.0.1:{Ports.Controller}", "--controllers", $"127.0.0.1:{Ports.Controller}", "--metrics.listen", $"127.0.0.1:{Ports.ControllerMetrics}");
        await _controller.AwaitReadyAsync(cancellation);
        tell($"enrolling and starting {_plan.Nodes.Count()} nodes");
        await Task.WhenAll(_plan.Nodes.Select(EnrolAsync));
        foreach (var name in _plan.Nodes)
            StartNode(name);
        await Task.WhenAll(Nodes.Values.Select(node => node.AwaitReadyAsync(cancellation)));
    }

    /// <summary>Does what the scenario says happens now.</summary>
    public async Task ApplyAsync(ScenarioChange change, CancellationToken cancellation)
    {
        var host = _scenario.Hosts[change.First].Name;
        if (change.Kind == ScenarioChangeKind.Crash && Nodes.Remove(host, out var killed))
        {
            killed.Kill();
            await killed.DisposeAsync();
        }
        else if (change.Kind == ScenarioChangeKind.Restart && _configs.ContainsKey(host) && !Nodes.ContainsKey(host))
        {
            StartNode(host);
        }
        else if (!change.IsProcessChange)
        {
            _state.Apply(change);
            foreach (var config in _configs.Values)
                config.Write(_state);
            foreach (var node in Nodes.Values)
                node.Reload();
        }

        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Throws when a process has ended that nobody ended.</summary>
    public void ThrowIfEnded()
    {
        if (Nodes.Values.Append(_controller).FirstOrDefault(daemon => daemon is { HasEnded: true }) is { } ended)
            throw ended.Ended();
    }

    /// <summary>What a command of the controller prints; empty where it fails.</summary>
    public async Task<string> AskControllerAsync(params string[] command)
    {
        try
        {
            return await RunControllerAsync(command);
        }
        catch (ProgramException)
        {
            return "";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Nodes.Values.Select(node => node.DisposeAsync().AsTask()));
        if (_controller is not null)
            await _controller.DisposeAsync();
        _http.Dispose();
        if (!KeepFolder)
            Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> RunControllerAsync(params string[] command) =>
        (await RunningProgram.RunAsync(ProjectPrograms.Daemon("wecan-controller", [.. command, "--data", ControllerFolder]), LabLimits.CommandBound)).Trim();

    private async Task EnrolAsync(string name)
    {
        var token = await RunControllerAsync("token", "create", "--role", _plan.RoleOf(name), "--name", name);
        var config = new NodeConfig(Ports, name, _folder, token, _plan);
        lock (_configs)
            _configs[name] = config;
    }

    private void StartNode(string name)
    {
        _configs[name].Write(_state);
        Nodes[name] = LabDaemon.Start(name, $"wecan-{_plan.RoleOf(name)}", Ports.Metrics[name], LogOf(name), _http, "--config", _configs[name].File);
    }

    private string LogOf(string name) => Path.Combine(_folder, $"{name}.log");
}
