using System.Globalization;
using System.Text;
using WeCan.Contracts;
using WeCan.Lab.Wan;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;

namespace WeCan.Simulation.Tests.Liveness;

/// <summary>
/// Nodes over links that are all alike: host i is n(i + 1), and the lower number dials. All know each other or, in a
/// star, all know the first.
/// </summary>
internal sealed class LiveNet : IDisposable
{
    public const ushort Port = 4_000;

    private readonly P256KeyPair[] _keys;
    private readonly bool _isStar;

    public LiveNet(ulong seed, string weather, int hosts = 2, bool isStar = false)
    {
        _isStar = isStar;
        var text = new StringBuilder();
        for (var host = 0; host < hosts; host++)
            text.AppendLine(CultureInfo.InvariantCulture, $"host n{host + 1} 10.0.{host / 250}.{(host % 250) + 1}");
        text.AppendLine(CultureInfo.InvariantCulture, $"default {weather}");
        var scenario = Scenario.Parse(text.ToString());
        _keys = [.. Enumerable.Range(0, hosts).Select(host => P256KeyPair.Generate(DeterministicRandom.FromNumber((ulong)host)))];
        Loop = new(scenario, new() { Seed = seed, MaxDriftPpm = 100 });
        for (var host = 0; host < hosts; host++)
            Loop.AddHost(host, Port, Start);
    }

    public SimulationLoop Loop { get; }

    public LiveHost this[int host] => (LiveHost)Loop.Host(host)!;

    public static NodeId IdOf(int host) => new((ushort)(host + 1));

    /// <summary>Names every link of these hosts as in use.</summary>
    public void UseAll(params int[] hosts)
    {
        foreach (var host in hosts)
        {
            Loop.Call<LiveHost>(host, (live, now) =>
            {
                for (var other = 0; other < _keys.Length; other++)
                    live.Node.SetLinkUse(now, IdOf(other), LinkUse.InUse);
            });
        }
    }

    /// <summary>Sends a message on a flow of its own.</summary>
    public void Say(int from, int to) => Loop.Call<LiveHost>(from, (live, now) =>
    {
        live.Node.OpenStream(IdOf(to), ServiceClass.Signal, 0, out var flow);
        live.Node.Send(now, flow, "is anybody there"u8, out _);
    });

    public void RunFor(double seconds) => Loop.RunFor(Duration.FromSeconds(seconds));

    /// <summary>As long, with a message between the first two every half a minute, so that their link stays in use.</summary>
    public void RunInUse(double seconds)
    {
        for (; seconds > 0; seconds -= 30)
        {
            Say(0, 1);
            RunFor(Math.Min(30, seconds));
        }
    }

    public void Dispose()
    {
        Loop.Dispose();
        foreach (var key in _keys)
            key.Dispose();
    }

    private LiveHost Start(SimHostContext context)
    {
        var node = new Node(
            new() { Id = IdOf(context.Host), Epoch = context.Epoch, Key = _keys[context.Host] }, DeterministicRandom.FromNumber(context.Seed));
        for (var other = 0; other < _keys.Length; other++)
        {
            if (other == context.Host || (_isStar && other != 0 && context.Host != 0))
                continue;
            var address = context.Host < other ? Loop.Network.Scenario.Hosts[other].Address(Port) : NetAddress.None;
            if (!node.TryAddPeer(context.Now, IdOf(other), _keys[other].PublicKey, address))
                throw new InvalidOperationException($"n{context.Host + 1} refuses n{other + 1}.");
        }

        return new(node);
    }
}
