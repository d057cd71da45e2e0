using System.Globalization;
using System.Text;
using WeCan.Contracts;
using WeCan.Lab.Wan;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;

namespace WeCan.Simulation.Tests.Uplinks;

/// <summary>
/// A hub, host 0, and its peers, to which all that it sends goes through one queue of its own: the modem, as it were. The
/// ways back have no rate. What is not said is 22 Mbit/s, 200 ms of queue, and 20 ms to each peer.
/// </summary>
internal sealed class UplinkNet : IDisposable
{
    public const double ModemMbps = 22;

    private const ushort Port = 4_000;

    private readonly P256KeyPair[] _keys;

    /// <param name="uplink">The rate that the hub is told of; zero for none.</param>
    /// <param name="further">What else the scenario says, of n1, the hub, and n2 and so on, its peers.</param>
    public UplinkNet(int peers, Bandwidth uplink, string further = "", double modemMbps = ModemMbps, ulong seed = 1)
    {
        var text = new StringBuilder();
        for (var host = 0; host <= peers; host++)
            text.AppendLine(CultureInfo.InvariantCulture, $"host n{host + 1} 10.0.{host / 250}.{(host % 250) + 1}");
        text.AppendLine("default delay 20");
        for (var host = 1; host <= peers; host++)
            text.AppendLine(CultureInfo.InvariantCulture, $"path n1 n{host + 1} rate {modemMbps} queue 200 share 1");
        var scenario = Scenario.Parse(text + further, "uplink");
        var random = DeterministicRandom.FromNumber(seed);
        _keys = [.. Enumerable.Range(0, peers + 1).Select(_ => P256KeyPair.Generate(random))];
        Loop = new(scenario, new() { Seed = seed, MaxClockOffset = Duration.FromSeconds(1) });
        for (var host = 0; host <= peers; host++)
        {
            Loop.AddHost(host, Port, context => new UplinkHost(new(
                new() { Id = IdOf(context.Host), Epoch = context.Epoch, Key = _keys[context.Host], UplinkRate = context.Host == 0 ? uplink : Bandwidth.Zero },
                DeterministicRandom.FromNumber(context.Seed))));
        }

        for (var host = 1; host <= peers; host++)
            Introduce(0, host);
        Loop.RunFor(Duration.FromSeconds(1));
    }

    public SimulationLoop Loop { get; }

    public UplinkHost Hub => this[0];

    public UplinkHost this[int host] => (UplinkHost)Loop.Host(host)!;

    public static NodeId IdOf(int host) => new((ushort)(host + 1));

    /// <summary>Makes two hosts know each other; the first calls.</summary>
    public void Introduce(int host, int other)
    {
        Loop.Call<UplinkHost>(other, (called, now) => called.Node.TryAddPeer(now, IdOf(host), _keys[host].PublicKey, NetAddress.None));
        Loop.Call<UplinkHost>(host, (calls, now) => calls.Node.TryAddPeer(now, IdOf(other), _keys[other].PublicKey, Loop.Address(other)));
    }

    public void BeginBulk(int from, params ReadOnlySpan<int> to)
    {
        foreach (var other in to)
            Loop.Call<UplinkHost>(from, (host, _) => host.BeginBulk(IdOf(other), 12_000));
    }

    /// <summary>Messages of 1,000 bytes at a steady pace.</summary>
    public void BeginSteady(int from, int to, ServiceClass serviceClass, double megabits) => Loop.Call<UplinkHost>(from, (host, now) =>
        host.BeginSteady(now, IdOf(to), serviceClass, 1_000, Bandwidth.FromMegabitsPerSecond(megabits).TimeFor(1_000)));

    /// <summary>IP bytes that the hub sent to a host.</summary>
    public long SentTo(int host) => Loop.Network.Counters(0, host).SentBytes;

    /// <summary>The megabits per second of Bulk that came in so much time, to each of the hosts.</summary>
    public double[] Measure(Duration time, params int[] hosts)
    {
        var before = hosts.Select(host => this[host].BulkBytes).ToArray();
        Loop.RunFor(time);
        return [.. hosts.Select((host, place) => Bandwidth.FromBytes(this[host].BulkBytes - before[place], time).MegabitsPerSecond)];
    }

    public void Dispose()
    {
        Loop.Dispose();
        foreach (var key in _keys)
            key.Dispose();
    }
}
