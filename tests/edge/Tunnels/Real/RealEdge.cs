using System.Net;
using WeCan.Contracts;
using WeCan.Edge.Tunnels;
using WeCan.Edge.Tunnels.Settings;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Runtime;

namespace WeCan.Edge.Tests.Tunnels.Real;

/// <summary>An edge of this process with tunnels on real sockets.</summary>
internal sealed class RealEdge : IDisposable
{
    private readonly P256KeyPair _key;

    public RealEdge(ushort id, Func<string, CancellationToken, Task<IPAddress[]>>? resolve)
    {
        Id = new NodeId(id);
        _key = P256KeyPair.Generate(DeterministicRandom.FromNumber(id));
        Tunnels = new EdgeTunnels(name => name == $"edge-{id}" ? Id : name == "edge-1" ? new NodeId(1) : name == "edge-2" ? new NodeId(2) : NodeId.None, Said, resolve);
        Driver = OverlayDriver.Start(
            new()
            {
                Node = new() { Id = Id, Epoch = new BootEpoch(1), Key = _key },
                Bind = new IPEndPoint(IPAddress.Loopback, 0),
                Sockets = Tunnels.Sockets,
            },
            Tunnels);
        Tunnels.Attach(Driver.PostAsync);
    }

    public NodeId Id { get; }

    /// <summary>What the tunnels logged.</summary>
    public SaidLines Said { get; } = new();

    public EdgeTunnels Tunnels { get; }

    public OverlayDriver Driver { get; }

    public TunnelCounters Counters => Tunnels.Counters;

    public Task<bool> AddAsync(RealEdge other) => AskAsync((node, now) =>
        node.TryAddPeer(now, other.Id, other._key.PublicKey, other.Driver.LocalAddress) && node.TrySetRoute([Id, other.Id]));

    /// <summary>Opens these tunnels and no others; answers where they listen, in their order.</summary>
    public async Task<IPEndPoint[]> ApplyAsync(TunnelSettings settings)
    {
        var (problems, at) = await AskAsync((node, now) =>
        {
            var found = Tunnels.Apply(node, now, settings);
            return (found, settings.Tunnels.Select(tunnel => Tunnels.Listeners.First(open => open.Tunnel == tunnel).At!).ToArray());
        });
        Assert.Empty(problems);
        return at;
    }

    public async Task<T> AskAsync<T>(Func<Node, MonoTime, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.Equal(PostResult.Accepted, Driver.Post((node, now) =>
        {
            try
            {
                answer.SetResult(question(node, now));
            }
            catch (Exception failure)
            {
                answer.SetException(failure);
            }
        }));
        return await answer.Task.WaitAsync(RealPair.Bound);
    }

    /// <summary>Asks the loop until it says yes.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var bound = new CancellationTokenSource(RealPair.Bound);
        while (!await AskAsync((_, _) => condition()))
            Assert.False(bound.IsCancellationRequested, "It did not come about.");
    }

    public void Dispose()
    {
        Driver.Dispose();
        _key.Dispose();
        Assert.True(Driver.Completion.IsCompletedSuccessfully, Driver.Completion.Exception?.ToString());
    }
}
