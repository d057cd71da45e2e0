using System.Net;
using System.Net.Sockets;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Sockets;

namespace WeCan.Runtime.Tests.Sockets;

/// <summary>A host's own sockets beside the overlay's: they are heard of once for each change, take turns, and end with the loop.</summary>
public sealed class SocketSetTests
{
    [Fact]
    public async Task ManySocketsAreHeardWhileTheLoopSleeps()
    {
        var set = new SocketSet();
        using var node = new TestNode(1, new(), sockets: set);
        var sockets = Enumerable.Range(0, 100).Select(_ => new Echo(DatagramSocket.Listen(IPEndPoint.Parse("127.0.0.1:0")))).ToList();
        await node.AskAsync((_, _) =>
        {
            sockets.ForEach(set.Add);
            return true;
        });
        using var program = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        program.Bind(IPEndPoint.Parse("127.0.0.1:0"));
        var buffer = new byte[65_536];
        foreach (var length in (int[])[1, 1_200, 1_373, 9_000, 65_507])
        {
            foreach (var socket in sockets)
            {
                await program.SendToAsync(new byte[length], new IPEndPoint(IPAddress.Loopback, socket.Port));
                Assert.Equal(length, await program.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(TestNode.Bound));
            }
        }

        Assert.Equal(500, sockets.Sum(socket => socket.Count));
        Assert.Equal(500, set.Statistics.DatagramsSent);
    }

    /// <summary>A row of datagrams to one peer leaves as one message, and one to another peer, or on another socket, between them is not mixed in.</summary>
    [Fact]
    public async Task RowsLeaveJoinedAndApart()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux joins datagrams.");
        var set = new SocketSet();
        using var node = new TestNode(1, new(), sockets: set);
        var (one, two) = (new Echo(DatagramSocket.Listen(IPEndPoint.Parse("127.0.0.1:0"))), new Echo(DatagramSocket.Listen(IPEndPoint.Parse("127.0.0.1:0"))));
        using var program = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        program.Bind(IPEndPoint.Parse("127.0.0.1:0"));
        var to = NetAddress.FromEndPoint((IPEndPoint)program.LocalEndPoint!);
        await node.AskAsync((_, _) =>
        {
            set.Add(one);
            set.Add(two);
            for (var i = 0; i < 60; i++)
                Assert.True((i is 20 or 40 ? two : one).TrySend(to, new byte[500]));
            Assert.False(one.TrySend(to, default));
            return true;
        });
        var from = new List<int>();
        var buffer = new byte[2_000];
        for (var i = 0; i < 60; i++)
        {
            var came = await program.ReceiveFromAsync(buffer.AsMemory(), new IPEndPoint(IPAddress.Any, 0)).AsTask().WaitAsync(TestNode.Bound);
            Assert.Equal(500, came.ReceivedBytes);
            from.Add(((IPEndPoint)came.RemoteEndPoint).Port);
        }

        Assert.Equal(Enumerable.Range(0, 60).Select(i => i is 20 or 40 ? two.Port : one.Port), from);
        Assert.Equal(5, set.Statistics.SendCalls);
    }

    /// <summary>One that always has more to do, and others scheduled besides: each has its turn, and the loop goes on.</summary>
    [Fact]
    public async Task WhoAlwaysHasMoreHoldsNobodyUp()
    {
        var set = new SocketSet();
        using var node = new TestNode(1, new(), sockets: set);
        var greedy = Enumerable.Range(0, 40).Select(_ => new Greedy(DatagramSocket.Listen(IPEndPoint.Parse("127.0.0.1:0")))).ToList();
        await node.AskAsync((_, _) =>
        {
            greedy.ForEach(set.Add);
            greedy.ForEach(set.Schedule);
            return true;
        });
        using var bound = new CancellationTokenSource(TestNode.Bound);
        while (!greedy.TrueForAll(socket => socket.Runs > 1_000))
            Assert.True(await node.AskAsync((_, _) => !bound.IsCancellationRequested));
        Assert.InRange(await node.AskAsync((_, _) => greedy.Max(socket => socket.Runs) - greedy.Min(socket => socket.Runs)), 0, 1_000);
    }

    [Fact]
    public async Task WhoIsRemovedOrLeftAtTheEndIsClosed()
    {
        var set = new SocketSet();
        var (removed, left) = (new Echo(DatagramSocket.Listen(IPEndPoint.Parse("127.0.0.1:0"))), new Echo(DatagramSocket.Listen(IPEndPoint.Parse("127.0.0.1:0"))));
        using (var node = new TestNode(1, new(), sockets: set))
        {
            await node.AskAsync((_, _) =>
            {
                set.Add(removed);
                set.Add(left);
                set.Schedule(removed);
                set.Remove(removed);
                set.Remove(removed);
                Assert.Equal(1, set.Count);
                return true;
            });
            Assert.True(removed.Socket.SafeHandle.IsClosed);
            Assert.False(left.Socket.SafeHandle.IsClosed);
        }

        Assert.True(left.Socket.SafeHandle.IsClosed);
    }

    private sealed class Echo(Socket socket) : DatagramSocket(socket, listensOnAll: false)
    {
        public int Port { get; } = ((IPEndPoint)socket.LocalEndPoint!).Port;

        public int Count { get; private set; }

        protected internal override void OnDatagram(Node node, MonoTime now, NetAddress from, ReadOnlySpan<byte> payload)
        {
            Count++;
            Assert.True(TrySend(from, payload));
        }
    }

    private sealed class Greedy(Socket socket) : LoopSocket(socket)
    {
        private long _runs;

        public long Runs => Volatile.Read(ref _runs);

        public override bool Run(Node node, MonoTime now)
        {
            Volatile.Write(ref _runs, _runs + 1);
            return true;
        }
    }
}
