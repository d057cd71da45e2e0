using System.Net;
using WeCan.Contracts;
using WeCan.Edge.Tunnels;
using WeCan.Edge.Tunnels.Policy;
using WeCan.Edge.Tunnels.Settings;

namespace WeCan.Edge.Tests.Tunnels.Real;

/// <summary>Two linked edges on the loopback: programs connect to the entry, targets are reached from the exit.</summary>
internal sealed class RealPair : IDisposable
{
    /// <summary>Long enough for any machine: only a test that fails waits so long.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private RealPair(Func<string, CancellationToken, Task<IPAddress[]>>? resolve)
    {
        Entry = new RealEdge(1, resolve);
        Exit = new RealEdge(2, resolve);
    }

    public RealEdge Entry { get; }

    public RealEdge Exit { get; }

    /// <summary>Bytes that differ from key to key.</summary>
    public static byte[] Pattern(int length, int key)
    {
        var bytes = new byte[length];
        new Random(key).NextBytes(bytes);
        return bytes;
    }

    public static async Task<RealPair> StartAsync(
        TunnelPolicy? policy = null, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        var pair = new RealPair(resolve);
        Assert.True(await pair.Entry.AddAsync(pair.Exit));
        Assert.True(await pair.Exit.AddAsync(pair.Entry));
        await pair.Exit.ApplyAsync(TunnelSettings.None with { Policy = policy ?? Loopback });
        return pair;
    }

    /// <summary>Lets everything on this machine out.</summary>
    public static TunnelPolicy Loopback { get; } = new([Rule("127.0.0.0/8"), Rule("::1/128")]);

    public static AllowRule Rule(string network, TunnelProtocol? protocol = null, params ushort[] from) =>
        new([.. from.Select(id => new EdgeName(new NodeId(id), null))], IPNetwork.Parse(network), null, 1, ushort.MaxValue, protocol);

    public static TunnelEntrance Tunnel(TunnelProtocol protocol, string target, string listen = "127.0.0.1:0") => new()
    {
        Listen = new TunnelListen(protocol, IPEndPoint.Parse(listen)),
        Exit = new EdgeName(NodeId.None, "edge-2"),
        Target = TunnelTarget.TryParse(System.Text.Encoding.ASCII.GetBytes(target), out var parsed) ? parsed : throw new ArgumentException(target),
        Class = ServiceClass.Bulk,
        Priority = 3,
        Deadline = Duration.FromMilliseconds(500),
        Paths = 1,
    };

    /// <summary>Opens one tunnel at the entry; answers where it listens.</summary>
    public async Task<IPEndPoint> OpenAsync(TunnelProtocol protocol, string target, string listen = "127.0.0.1:0") =>
        (await Entry.ApplyAsync(TunnelSettings.None with { Tunnels = [Tunnel(protocol, target, listen)] })).Single();

    public void Dispose()
    {
        Entry.Dispose();
        Exit.Dispose();
    }
}
