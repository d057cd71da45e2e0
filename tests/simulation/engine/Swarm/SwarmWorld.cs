using WeCan.Contracts;
using WeCan.Lab.Wan;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Wire;

namespace WeCan.Simulation.Swarm;

/// <summary>What the nodes of one run have in common, and what outlives each of their lives: keys and addresses.</summary>
internal sealed class SwarmWorld : IDisposable
{
    public const ushort Port = 4_000;

    private const ulong KeyStream = 1UL << 42;

    private readonly P256KeyPair[] _keys;
    private readonly Scenario _scenario;

    public SwarmWorld(SwarmPlan plan, Scenario scenario, ISwarmWitness witness, SwarmTally tally)
    {
        (Plan, Witness, Tally, _scenario) = (plan, witness, tally, scenario);
        var random = DeterministicRandom.FromNumber(WanRandom.Derive(plan.Seed, KeyStream));
        _keys = [.. plan.Nodes.Select(_ => P256KeyPair.Generate(random))];
    }

    public SwarmPlan Plan { get; }

    public ISwarmWitness Witness { get; }

    /// <summary>Where a life of a node that ends adds what it has done.</summary>
    public SwarmTally Tally { get; }

    /// <summary>Where an application writes the message that it sends.</summary>
    public byte[] Scratch { get; } = new byte[WireLimits.MaxMessage];

    public SwarmStage Stage { get; set; }

    public P256KeyPair KeyOf(int place) => _keys[place];

    public NetAddress AddressOf(int place) => _scenario.Hosts[place].Address(Port);

    public void Dispose()
    {
        foreach (var key in _keys)
            key.Dispose();
    }
}
