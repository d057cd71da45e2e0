using WeCan.Contracts;
using WeCan.Lab.Wan;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Transport;
using WeCan.Simulation;

namespace WeCan.Edge.Tests.Tunnels.Simulated;

/// <summary>Two edges and a bad network between them, in virtual time.</summary>
internal sealed class EdgePair : IDisposable
{
    public const int Entry = 0;
    public const int Exit = 1;
    private const ushort Port = 4_000;

    private readonly P256KeyPair[] _keys;

    public EdgePair(string weather, ulong seed, TransportOptions? transport = null)
    {
        var scenario = Scenario.Parse($"host a 10.77.0.1\nhost b 10.77.0.2\nlink a b {weather}\n", "tunnels");
        Loop = new SimulationLoop(scenario, new() { Seed = seed });
        var random = DeterministicRandom.FromNumber(seed + 77);
        _keys = [P256KeyPair.Generate(random), P256KeyPair.Generate(random)];
        for (var host = 0; host < 2; host++)
        {
            var (self, other) = (host, 1 - host);
            Loop.AddHost(host, Port, context => new SimEdge(
                context, _keys[self], new NodeId((ushort)(self + 1)), _keys[other].PublicKey, new NodeId((ushort)(other + 1)), scenario.Hosts[other].Address(Port), transport));
        }
    }

    public SimulationLoop Loop { get; }

    public SimEdge this[int host] => (SimEdge)Loop.Host(host)!;

    /// <summary>Opens a connection from the entry, with the stream's key as the port that its target has.</summary>
    public SimStream Open(ushort port, int sends, bool finishes = true, long room = long.MaxValue, int from = Entry)
    {
        var program = new SimStream(sends, port) { PeerKey = 1_000 + port, Finishes = finishes, Room = room };
        Loop.Call<SimEdge>(from, (edge, now) => edge.Open(now, port, program));
        return program;
    }

    public void Call(int host, Action<SimEdge, MonoTime> action) => Loop.Call(host, action);

    public bool RunUntil(double seconds, Func<bool> condition) => Loop.RunUntil(Loop.Now + Duration.FromSeconds(seconds), condition);

    public void Dispose()
    {
        Loop.Dispose();
        foreach (var key in _keys)
            key.Dispose();
    }
}
