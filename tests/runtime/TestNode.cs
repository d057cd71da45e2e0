using System.Net;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Impairment;
using WeCan.Runtime.Sockets;

namespace WeCan.Runtime.Tests;

/// <summary>A driver on the loopback with a key of its own.</summary>
internal sealed class TestNode : IDisposable
{
    /// <summary>Long enough for any machine: only a test that fails waits so long.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly P256KeyPair _key;

    public TestNode(ushort id, TestHost host, int port = 0, int commandQueue = 4_096, Func<IDatagramEgress, IDatagramEgress>? wrapEgress = null, ImpairmentPlan? impairment = null, IPAddress? bind = null, SocketSet? sockets = null, IClientTokenVerifier? clientTokens = null)
    {
        Id = new NodeId(id);
        Host = host;
        _key = P256KeyPair.Generate(DeterministicRandom.FromNumber(id));
        Driver = OverlayDriver.Start(
            new()
            {
                Node = new() { Id = Id, Epoch = new BootEpoch(1), Key = _key, ClientTokens = clientTokens },
                Bind = new IPEndPoint(bind ?? IPAddress.Loopback, port),
                CommandQueueLength = commandQueue,
                WrapEgress = wrapEgress,
                Impairment = impairment,
                Sockets = sockets,
            },
            host);
    }

    public NodeId Id { get; }

    public P256PublicKey PublicKey => _key.PublicKey;

    public TestHost Host { get; }

    public OverlayDriver Driver { get; }

    /// <summary>Makes two nodes each other's peers, with a route, and waits for their link.</summary>
    public static async Task LinkAsync(TestNode first, TestNode second)
    {
        await second.AddAsync(first);
        await first.AddAsync(second, second.Driver.LocalAddress);
        await Task.WhenAll(first.Host.LinkUp.Task, second.Host.LinkUp.Task).WaitAsync(Bound);
    }

    /// <summary>Tells this node of another, and where to call it.</summary>
    public Task AddAsync(TestNode peer, params NetAddress[] addresses) => AskAsync((node, now) =>
    {
        Assert.True(node.TryAddPeer(now, peer.Id, peer._key.PublicKey, addresses));
        Assert.True(node.TrySetRoute([Id, peer.Id]));
        return true;
    });

    /// <summary>Runs a question on the loop and brings its answer.</summary>
    public async Task<T> AskAsync<T>(Func<Node, MonoTime, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var posted = Driver.Post((node, now) =>
        {
            try
            {
                answer.SetResult(question(node, now));
            }
            catch (Exception failure)
            {
                answer.SetException(failure);
            }
        });
        Assert.Equal(PostResult.Accepted, posted);
        return await answer.Task.WaitAsync(Bound);
    }

    public void Dispose()
    {
        Driver.Dispose();
        _key.Dispose();
    }
}
