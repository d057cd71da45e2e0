using System.Globalization;
using WeCan.Bench.Forward;
using WeCan.Contracts.Control;
using WeCan.Programs;

namespace WeCan.Bench.Shipped;

/// <summary>A network of daemons as they ship, on the loopback: a controller, a relay if one is wanted, and members in this process, let in as any node is.</summary>
internal sealed class ShippedNetwork : IDisposable
{
    private const int MostMembers = 1_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("wecan-bench-").FullName;
    private readonly Stack<IDisposable> _running = new();
    private readonly string _address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Take()}");
    private readonly Dictionary<NodeRole, string> _tokens = [];
    private int _members;

    public ShippedNetwork()
    {
        try
        {
            Run("init", "--name", "bench");
            _running.Push(Controller = new("wecan-controller", "--data", ControllerFolder, "--listen", _address, "--controllers", _address));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public MeteredDaemon Controller { get; }

    /// <summary>A relay with the defaults of wecan-relay, but for where it listens and keeps its state.</summary>
    public MeteredDaemon StartRelay() => StartNode("wecan-relay", "relay", NodeRole.Relay, []);

    /// <summary>The same for an edge, with more that it is told.</summary>
    public MeteredDaemon StartEdge(params string[] settings) => StartNode("wecan-edge", "edge", NodeRole.Edge, settings);

    /// <summary>Lets a member in that lives in this process. It is gone with this network.</summary>
    public async Task<ShippedMember> EnrolAsync(NodeRole role)
    {
        var path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"member-{Interlocked.Increment(ref _members)}"));
        var member = await ShippedMember.EnrolAsync(path, Token(role), role, _address);
        lock (_running)
            _running.Push(member);
        return member;
    }

    public void Dispose()
    {
        while (_running.TryPop(out var one))
            one.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private MeteredDaemon StartNode(string program, string folder, NodeRole role, string[] settings)
    {
        var node = new MeteredDaemon(program, ["--data", Path.Combine(_folder, folder), "--listen", "127.0.0.1:0", "--controllers", _address, "--token-file", TokenFile(role), .. settings]);
        _running.Push(node);
        return node;
    }

    private string ControllerFolder => Path.Combine(_folder, "controller");

    private string Run(params string[] command) =>
        RunningProgram.RunAsync(ProjectPrograms.Daemon("wecan-controller", [.. command, "--data", ControllerFolder]), ForwardLimits.AnswerBound).GetAwaiter().GetResult();

    private string TokenFile(NodeRole role)
    {
        var file = Path.Combine(_folder, "token");
        File.WriteAllText(file, Token(role));
        return file;
    }

    private string Token(NodeRole role)
    {
        lock (_tokens)
        {
            if (!_tokens.TryGetValue(role, out var token))
                _tokens[role] = token = Run("token", "create", "--role", role == NodeRole.Edge ? "edge" : "relay", "--uses", MostMembers.ToString(CultureInfo.InvariantCulture)).Trim();
            return token;
        }
    }
}
