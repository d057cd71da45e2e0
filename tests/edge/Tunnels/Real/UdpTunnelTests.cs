using System.Net;
using System.Net.Sockets;
using WeCan.Edge.Tunnels;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Edge.Tunnels.Policy;

namespace WeCan.Edge.Tests.Tunnels.Real;

/// <summary>docs/tunnels.md, UDP, on real sockets.</summary>
public sealed class UdpTunnelTests
{
    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1")]
    [InlineData("0.0.0.0:0", "127.0.0.1")]
    [InlineData("[::]:0", "::1")]
    public async Task DatagramsOfAnyLengthComeBackToWhoSentThem(string listen, string address)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        using var pair = await RealPair.StartAsync();
        using var target = Bind(address);
        var entrance = await pair.OpenAsync(TunnelProtocol.Udp, target.LocalEndPoint!.ToString()!, listen);
        var serving = EchoAsync(target);
        for (var program = 0; program < 3; program++)
        {
            using var socket = Bind(address);
            var to = new IPEndPoint(IPAddress.Parse(address), entrance.Port);
            foreach (var length in (int[])[1, 1_200, 1_203, 1_204, 5_000, 60_000])
                await ExchangeAsync(socket, to, RealPair.Pattern(length, program));
        }

        Assert.Equal(3, pair.Entry.Counters.SessionsOpened);
        Assert.Equal(3, pair.Exit.Counters.SessionsOpen);
        Assert.False(serving.IsFaulted);
    }

    [Fact]
    public async Task AForbiddenTargetGetsNothing()
    {
        using var pair = await RealPair.StartAsync(TunnelPolicy.Nothing);
        using var target = Bind("127.0.0.1");
        using var program = Bind("127.0.0.1");
        var entrance = await pair.OpenAsync(TunnelProtocol.Udp, target.LocalEndPoint!.ToString()!);

        // Before the edges are linked a datagram is lost when its deadline is over.
        await pair.Entry.UntilAsync(() => program.SendTo(new byte[10], entrance) > 0 && pair.Entry.Counters.RefusedThere(RefusalReason.Policy) > 0);

        Assert.True(pair.Exit.Counters.RefusedHere(RefusalReason.Policy) > 0);
        // One that came meanwhile is asked about still.
        await pair.Exit.UntilAsync(() => pair.Exit.Counters.SessionsOpen == 0);
        Assert.Equal(0, target.Available);
    }

    /// <summary>A busy machine may lose a datagram; that one in ten is lost it has no reason for.</summary>
    [Fact]
    public async Task DatagramsThatComeInARowArriveAndAllocateNothing()
    {
        const int Rounds = 400;
        const int Burst = 50;
        using var pair = await RealPair.StartAsync();
        using var target = Bind("127.0.0.1");
        using var program = Bind("127.0.0.1");
        var entrance = await pair.OpenAsync(TunnelProtocol.Udp, target.LocalEndPoint!.ToString()!);
        var arrived = 0;
        while (arrived == 0)
            arrived += Exchange(program, entrance, target, 1);
        for (var round = 0; round < Rounds; round++)
            Exchange(program, entrance, target, Burst);
        var before = await Allocated();
        arrived = 0;
        for (var round = 0; round < Rounds; round++)
            arrived += Exchange(program, entrance, target, Burst);
        var allocated = await Allocated() - before;

        Assert.InRange(arrived, Rounds * Burst * 9 / 10, Rounds * Burst);
        Assert.True(allocated < Rounds * Burst * 2L, $"{allocated} bytes for {Rounds * Burst} datagrams at two edges.");

        async Task<long> Allocated() =>
            await pair.Entry.AskAsync((_, _) => GC.GetAllocatedBytesForCurrentThread()) + await pair.Exit.AskAsync((_, _) => GC.GetAllocatedBytesForCurrentThread());
    }

    private static int Exchange(Socket program, IPEndPoint entrance, Socket target, int burst)
    {
        var buffer = new byte[2_000];
        for (var i = 0; i < burst; i++)
            program.SendTo(RealPair.Pattern(1_200, i), entrance);
        var arrived = 0;
        while (arrived < burst && target.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead))
            arrived += target.Receive(buffer) == 1_200 ? 1 : 0;
        return arrived;
    }

    private static Socket Bind(string address)
    {
        var ip = IPAddress.Parse(address);
        var socket = new Socket(ip.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        socket.Bind(new IPEndPoint(ip, 0));
        return socket;
    }

    /// <summary>Until the other edge is linked, and on a busy machine, a datagram may be lost: it is sent again.</summary>
    private static async Task ExchangeAsync(Socket socket, IPEndPoint to, byte[] payload)
    {
        var buffer = new byte[65_536];
        using var bound = new CancellationTokenSource(RealPair.Bound);
        while (true)
        {
            await socket.SendToAsync(payload, to);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(bound.Token);
            patience.CancelAfter(TimeSpan.FromSeconds(1));
            try
            {
                var answer = await socket.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, new IPEndPoint(to.Address, 0), patience.Token);
                if (!buffer.AsSpan(0, answer.ReceivedBytes).SequenceEqual(payload))
                    continue;
                Assert.Equal(to, answer.RemoteEndPoint);
                return;
            }
            catch (OperationCanceledException) when (!bound.IsCancellationRequested)
            {
                // Once more.
            }
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[65_536];
        try
        {
            while (true)
            {
                var came = await socket.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, socket.LocalEndPoint!);
                await socket.SendToAsync(buffer.AsMemory(0, came.ReceivedBytes), SocketFlags.None, came.RemoteEndPoint);
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
