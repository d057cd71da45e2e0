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

    /// <summary>Of a family that the simulated network does not have.</summary>
    private static readonly NetAddress Nowhere = new(0x2001_0DB8_0000_0000, 0, Port);

    private readonly P256KeyPair[] _keys;
    private readonly HashSet<(int Place, int Other)> _strangers = [];
    private readonly Scenario _scenario;

    public SwarmWorld(SwarmPlan plan, Scenario scenario, ISwarmWitness witness, SwarmTally tally)
    {
        (Plan, Witness, Tally, _scenario) = (plan, witness, tally, scenario);
        var random = DeterministicRandom.FromNumber(WanRandom.Derive(plan.Seed, KeyStream));
        _keys = [.. plan.Nodes.Select(_ => P256KeyPair.Generate(random))];
        foreach (var pair in plan.Memberships.GroupBy(told => (told.Place, told.Other)).Where(pair => pair.First().Joins))
            _strangers.Add(pair.Key);
    }

    public SwarmPlan Plan { get; }

    public ISwarmWitness Witness { get; }

    /// <summary>Where a life of a node that ends adds what it has done.</summary>
    public SwarmTally Tally { get; }

    /// <summary>Where an application writes the message that it sends.</summary>
    public byte[] Scratch { get; } = new byte[WireLimits.MaxMessage];

    public SwarmStage Stage { get; set; }

    /// <summary>What a node has been told of another.</summary>
    public bool IsMember(int place, int other) => !_strangers.Contains((place, other));

    public void Note(SwarmMembership told)
    {
        if (told.Joins)
            _strangers.Remove((told.Place, told.Other));
        else
            _strangers.Add((told.Place, told.Other));
    }

    public P256KeyPair KeyOf(int place) => _keys[place];

    /// <summary>Where a node is at home, whatever port it comes from just now.</summary>
    public NetAddress AddressOf(int place) => _scenario.Hosts[place].Address(Port);

    /// <summary>All that one node is told of another's addresses; the true one comes last.</summary>
    public NetAddress[] AddressesOf(int place, int hearer)
    {
        var hearsay = Plan.Hearsay.FirstOrDefault(hearsay => hearsay.Hearer == hearer && hearsay.Place == place);
        return [.. hearsay?.False.Select((other, index) => other < 0 ? Nowhere with { Low = (ulong)index + 1 } : AddressOf(other)) ?? [], AddressOf(place)];
    }

    public void Dispose()
    {
        foreach (var key in _keys)
            key.Dispose();
    }
}
