using System.Net;
using System.Net.Sockets;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;

namespace WeCan.Integration.Tests.Daemons;

/// <summary>
/// A network of processes on this machine's loopback, in a folder of its own: a controller, and relays and edges that it is
/// asked for. Its end kills what is left of them.
/// </summary>
internal sealed class TestNetwork : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wecan-");
    private readonly List<DaemonProcess> _processes = [];
    private readonly Dictionary<string, string> _listens = new(StringComparer.Ordinal);

    private readonly string[] _controllerOptions;

    private TestNetwork(string[] controllerOptions) => _controllerOptions = controllerOptions;

    /// <summary>Where the controller listens, also while it is dead.</summary>
    public IPEndPoint ControllerAddress { get; } = new(IPAddress.Loopback, FreePort(ProtocolType.Tcp));

    public IPEndPoint ControllerMetrics { get; } = new(IPAddress.Loopback, FreePort(ProtocolType.Tcp));

    public DaemonProcess Controller { get; private set; } = null!;

    /// <summary>Makes a network and starts its controller, after something was done with the address that it will listen on.</summary>
    public static async Task<TestNetwork> MakeAsync(Action<IPEndPoint>? before = null, params string[] controllerOptions)
    {
        var network = new TestNetwork(controllerOptions);
        before?.Invoke(network.ControllerAddress);
        await DaemonProcess.RunAsync("wecan-controller", "init", "--data", network.Folder("controller"), "--name", "test-net");
        await network.StartControllerAsync();
        return network;
    }

    /// <summary>A folder and an address, and nothing running.</summary>
    public static TestNetwork Empty() => new([]);

    /// <summary>Waits until a node's disk holds a membership of so many.</summary>
    public async Task OnDiskAsync(string name, int members)
    {
        using var bound = new CancellationTokenSource(DaemonProcess.Bound);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (MembersOn(Path.Combine(Folder(name), "membership")) != members)
            await look.WaitForNextTickAsync(bound.Token);
    }

    private static int MembersOn(string path)
    {
        const int Head = 48;
        if (!File.Exists(path))
            return 0;
        var frames = new FrameAssembler();
        frames.Add(File.ReadAllBytes(path).AsSpan(Head));
        var count = 0;
        while (frames.TryTake(out var payload))
            count += ControlMessage.TryRead(payload, out var message) == ControlReadResult.Read && message is SnapshotMessage piece ? piece.Members.Count : 0;
        return count;
    }

    /// <summary>Whether nodes start with the runtime's settings that they are shipped with.</summary>
    public bool StartsAsShipped { get; set; }

    public string Folder(string name) => Path.Combine(_folder.FullName, name);

    public async Task StartControllerAsync()
    {
        Controller = Own(DaemonProcess.Start("wecan-controller", ["--data", Folder("controller"), "--listen", $"{ControllerAddress}", "--controllers", $"{ControllerAddress}", "--metrics.listen", $"{ControllerMetrics}", .. _controllerOptions]));
        await Controller.LoggedAsync("test-net");
    }

    public Task<string> TokenAsync(string role, params string[] more) =>
        DaemonProcess.RunAsync("wecan-controller", ["token", "create", "--data", Folder("controller"), "--role", role, .. more]);

    /// <summary>Asks the controller, as its operator does.</summary>
    public Task<string> AskAsync(params string[] command) => DaemonProcess.RunAsync("wecan-controller", [.. command, "--data", Folder("controller")]);

    /// <summary>The same for what may come to nothing.</summary>
    public DaemonProcess Ask(params string[] command) => Own(DaemonProcess.Start("wecan-controller", [.. command, "--data", Folder("controller")]));

    public Task RevokeAsync(int number) => DaemonProcess.RunAsync("wecan-controller", "node", "revoke", $"{number}", "--data", Folder("controller"));

    /// <summary>Starts a relay ("relay-a") or an edge ("edge-b") with a folder of its own; with a token it enrols where it has not.</summary>
    public DaemonProcess Start(string name, string? token, params string[] more) => StartAt(name, ListenOf(name), token, more);

    public DaemonProcess StartAt(string name, string listen, string? token, params string[] more) => Run(name, listen, token, ["--metrics.enabled", "false", .. more]);

    /// <summary>The same with its metrics shown.</summary>
    public DaemonProcess StartShown(string name, string? token, string metrics, params string[] more) => Run(name, ListenOf(name), token, ["--metrics.listen", metrics, .. more]);

    /// <summary>A node keeps its port over its lives, as one that is configured does.</summary>
    public string ListenOf(string name)
    {
        if (!_listens.TryGetValue(name, out var listen))
            _listens[name] = listen = $"127.0.0.1:{FreePort(ProtocolType.Udp)}";
        return listen;
    }

    public void Dispose()
    {
        _processes.ForEach(process => process.Dispose());
        _folder.Delete(recursive: true);
    }

    /// <summary>A port that nobody has now. Another may take it before it is used, which a test would show as a port in use.</summary>
    public static int FreePort(ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private DaemonProcess Run(string name, string listen, string? token, string[] more)
    {
        var program = name.StartsWith("edge", StringComparison.Ordinal) ? "wecan-edge" : "wecan-relay";
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (token is not null)
            variables["WECAN_TOKEN"] = token;
        string[] arguments = ["--data", Folder(name), "--controllers", $"{ControllerAddress}", "--listen", listen, .. more];
        return Own(StartsAsShipped ? DaemonProcess.StartAsShipped(program, variables, arguments) : DaemonProcess.Start(program, variables, arguments));
    }

    private DaemonProcess Own(DaemonProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
