using System.Net;
using System.Net.Sockets;
using WeCan.Edge.Tunnels;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Edge.Tunnels.Policy;
using WeCan.Edge.Tunnels.Settings;

namespace WeCan.Edge.Tests.Tunnels.Real;

/// <summary>docs/tunnels.md, TCP, on real sockets.</summary>
public sealed class TcpTunnelTests
{
    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("[::1]:0", "[::1]:0")]
    [InlineData("[::]:0", "127.0.0.1:0")]
    public async Task BytesComeBackAndEachDirectionEndsByItself(string listen, string at)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        using var pair = await RealPair.StartAsync();
        using var target = Listen(at);
        var entrance = await pair.OpenAsync(TunnelProtocol.Tcp, target.LocalEndPoint!.ToString()!, listen);
        using var program = await ConnectAsync(entrance);
        using var served = await target.AcceptAsync().WaitAsync(RealPair.Bound);
        var sent = RealPair.Pattern(3_000_000, 1);

        var sending = SendAsync(program, sent, finishes: true);
        Assert.Equal(sent, await ReadToEndAsync(served));
        await sending;
        var answer = RealPair.Pattern(2_000_000, 2);
        var answering = SendAsync(served, answer, finishes: true);
        Assert.Equal(answer, await ReadToEndAsync(program));
        await answering;

        await pair.Entry.UntilAsync(() => pair.Entry.Counters.ConnectionsOpen == 0);
        await pair.Exit.UntilAsync(() => pair.Exit.Counters.ConnectionsOpen == 0);
        Assert.Equal(0, pair.Entry.Counters.ConnectionsReset + pair.Exit.Counters.ConnectionsReset);
        Assert.Equal(3_000_000, pair.Entry.Counters.BytesIn);
        Assert.Equal(2_000_000, pair.Entry.Counters.BytesOut);
    }

    [Fact]
    public async Task TwoHundredConnectionsAtOnceKeepTheirBytesApart()
    {
        using var pair = await RealPair.StartAsync();
        using var target = Listen("127.0.0.1:0");
        var entrance = await pair.OpenAsync(TunnelProtocol.Tcp, target.LocalEndPoint!.ToString()!);
        var serving = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
                _ = EchoAsync(await target.AcceptAsync());
        });

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
        {
            using var program = await ConnectAsync(entrance);
            var sent = RealPair.Pattern(50_000 + number, number);
            var sending = SendAsync(program, sent, finishes: true);
            Assert.Equal(sent, await ReadToEndAsync(program));
            await sending;
        })).WaitAsync(RealPair.Bound);
        await serving;
        Assert.Equal(200, pair.Exit.Counters.ConnectionsOpened);
    }

    [Fact]
    public async Task AReaderThatStopsStopsTheWriterAndGetsEverythingLater()
    {
        const int Length = 40_000_000;
        using var pair = await RealPair.StartAsync();
        using var target = Listen("127.0.0.1:0");
        var entrance = await pair.OpenAsync(TunnelProtocol.Tcp, target.LocalEndPoint!.ToString()!);
        using var program = await ConnectAsync(entrance);
        using var served = await target.AcceptAsync().WaitAsync(RealPair.Bound);
        var sent = RealPair.Pattern(Length, 3);
        var sending = SendAsync(program, sent, finishes: true);

        // A second connection carries all of its bytes while the first one's reader looks away.
        using var other = await ConnectAsync(entrance);
        var echo = EchoAsync(await target.AcceptAsync().WaitAsync(RealPair.Bound));
        var small = RealPair.Pattern(2_000_000, 4);
        var sendingOther = SendAsync(other, small, finishes: true);
        Assert.Equal(small, await ReadToEndAsync(other));
        await sendingOther;
        await echo;
        Assert.False(sending.IsCompleted);
        Assert.InRange(pair.Exit.Counters.BytesOut, 2_000_000, 2_000_000 + 20_000_000);
        Assert.InRange(await pair.Exit.AskAsync((node, _) => node.ReceiveMemoryInUse), 0, 1_000_000);

        Assert.Equal(sent, await ReadToEndAsync(served));
        await sending;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AResetIsPassedOnAsAReset(bool byProgram)
    {
        using var pair = await RealPair.StartAsync();
        using var target = Listen("127.0.0.1:0");
        var entrance = await pair.OpenAsync(TunnelProtocol.Tcp, target.LocalEndPoint!.ToString()!);
        using var program = await ConnectAsync(entrance);
        await program.SendAsync(new byte[1_000]);
        using var served = await target.AcceptAsync().WaitAsync(RealPair.Bound);
        await served.ReceiveAsync(new byte[1_000]).WaitAsync(RealPair.Bound);

        var (broken, left) = byProgram ? (program, served) : (served, program);
        broken.LingerState = new LingerOption(true, 0);
        broken.Close();

        await AssertResetAsync(left);
    }

    [Fact]
    public async Task WhatNoRuleNamesIsRefusedAndTheProgramReset()
    {
        using var pair = await RealPair.StartAsync(new TunnelPolicy([RealPair.Rule("10.0.0.0/8"), RealPair.Rule("127.0.0.0/8", TunnelProtocol.Udp), RealPair.Rule("127.0.0.0/8", null, 7)]));
        using var target = Listen("127.0.0.1:0");
        await AssertResetAsync(await pair.OpenAsync(TunnelProtocol.Tcp, target.LocalEndPoint!.ToString()!));

        Assert.Equal(1, pair.Exit.Counters.RefusedHere(RefusalReason.Policy));
        Assert.Equal(1, pair.Entry.Counters.RefusedThere(RefusalReason.Policy));
        Assert.False(target.Poll(0, SelectMode.SelectRead));

        var why = RefusalReasons.Sentence(RefusalReason.Policy);
        Assert.Contains($"As an exit this edge did not lead node {pair.Entry.Id.Value} to {target.LocalEndPoint}: {why}", pair.Exit.Said.Lines, StringComparer.Ordinal);
        Assert.Contains($"Nothing was led through the tunnel to {target.LocalEndPoint}: {why}", pair.Entry.Said.Lines, StringComparer.Ordinal);
    }

    [Fact]
    public async Task ATargetThatRefusesResetsTheProgram()
    {
        using var pair = await RealPair.StartAsync();
        int port;
        using (var gone = Listen("127.0.0.1:0"))
            port = ((IPEndPoint)gone.LocalEndPoint!).Port;
        await AssertResetAsync(await pair.OpenAsync(TunnelProtocol.Tcp, $"127.0.0.1:{port}"));

        Assert.Equal(1, pair.Entry.Counters.RefusedThere(RefusalReason.Refused));
    }

    /// <summary>A name's rule lets no name lead to the exit's own machine; a rule for the range does, and the next address is tried.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ANameIsResolvedAtTheExitAndEachAddressHeldAgainstThePolicy(bool hasRange)
    {
        AllowRule named = new([], null, "db.example", 1, ushort.MaxValue, null);
        using var pair = await RealPair.StartAsync(
            new TunnelPolicy(hasRange ? [named, RealPair.Rule("127.0.0.0/8")] : [named]),
            (name, _) => Task.FromResult(name == "db.example" ? new[] { IPAddress.Parse("127.0.0.1") } : []));
        using var target = Listen("127.0.0.1:0");
        var port = ((IPEndPoint)target.LocalEndPoint!).Port;
        var entrance = await pair.OpenAsync(TunnelProtocol.Tcp, $"DB.example:{port}");

        if (hasRange)
        {
            using var program = await ConnectAsync(entrance);
            await program.SendAsync(new byte[5]);
            using var served = await target.AcceptAsync().WaitAsync(RealPair.Bound);
            Assert.Equal(5, await served.ReceiveAsync(new byte[10]).WaitAsync(RealPair.Bound));
        }
        else
        {
            await AssertResetAsync(entrance);
            Assert.Equal(1, pair.Exit.Counters.RefusedHere(RefusalReason.Policy));
        }

        await AssertResetAsync(await pair.OpenAsync(TunnelProtocol.Tcp, $"nobody.example:{port}"));
        Assert.Equal(1, pair.Exit.Counters.RefusedHere(RefusalReason.Unreachable));
    }

    [Fact]
    public async Task AnEdgeThatEndsResetsTheProgram()
    {
        using var pair = await RealPair.StartAsync();
        using var target = Listen("127.0.0.1:0");
        using var program = await ConnectAsync(await pair.OpenAsync(TunnelProtocol.Tcp, target.LocalEndPoint!.ToString()!));
        await program.SendAsync(new byte[10]);
        using var served = await target.AcceptAsync().WaitAsync(RealPair.Bound);

        await pair.Exit.AskAsync((node, now) =>
        {
            pair.Exit.Tunnels.AbortAll(node, now);
            return true;
        });

        await AssertResetAsync(program);
        await AssertResetAsync(served);
    }

    [Fact]
    public async Task ATunnelThatIsTakenOutHearsNobodyNewAndKeepsWhatStands()
    {
        using var pair = await RealPair.StartAsync();
        using var target = Listen("127.0.0.1:0");
        var entrance = await pair.OpenAsync(TunnelProtocol.Tcp, target.LocalEndPoint!.ToString()!);
        using var program = await ConnectAsync(entrance);
        await program.SendAsync(new byte[10]);
        using var served = await target.AcceptAsync().WaitAsync(RealPair.Bound);
        Assert.Equal(10, await served.ReceiveAsync(new byte[20]).WaitAsync(RealPair.Bound));

        await pair.Entry.ApplyAsync(TunnelSettings.None);

        using var late = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync(entrance));
        await served.SendAsync(new byte[7]);
        Assert.Equal(7, await program.ReceiveAsync(new byte[20]).WaitAsync(RealPair.Bound));
    }

    [Fact]
    public async Task APortInUseIsToldInASentence()
    {
        using var pair = await RealPair.StartAsync();
        using var other = Listen("127.0.0.1:0");
        var tunnel = RealPair.Tunnel(TunnelProtocol.Tcp, "127.0.0.1:1", other.LocalEndPoint!.ToString()!);
        var problems = await pair.Entry.AskAsync((node, now) => pair.Entry.Tunnels.Apply(node, now, TunnelSettings.None with { Tunnels = [tunnel] }));
        Assert.Contains("is in use by another program", Assert.Single(problems), StringComparison.Ordinal);
    }

    private static Socket Listen(string at)
    {
        var endPoint = IPEndPoint.Parse(at);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(endPoint);
        socket.Listen(512);
        return socket;
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint entrance)
    {
        var address = entrance.Address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : entrance.Address;
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(address, entrance.Port)).WaitAsync(RealPair.Bound);
        return socket;
    }

    private static async Task SendAsync(Socket socket, byte[] bytes, bool finishes)
    {
        for (var at = 0; at < bytes.Length;)
            at += await socket.SendAsync(bytes.AsMemory(at)).AsTask().WaitAsync(RealPair.Bound);
        if (finishes)
            socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task<byte[]> ReadToEndAsync(Socket socket)
    {
        var all = new MemoryStream();
        var buffer = new byte[65_536];
        while (await socket.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(RealPair.Bound) is > 0 and var count)
            all.Write(buffer, 0, count);
        return all.ToArray();
    }

    private static async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            var buffer = new byte[65_536];
            while (await socket.ReceiveAsync(buffer.AsMemory()) is > 0 and var count)
                await SendAsync(socket, buffer[..count], finishes: false);
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>Whoever connects there is reset; that may come before he knows that he is connected.</summary>
    private static async Task AssertResetAsync(IPEndPoint entrance)
    {
        Socket program;
        try
        {
            program = await ConnectAsync(entrance);
        }
        catch (SocketException failure)
        {
            Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
            return;
        }

        using (program)
            await AssertResetAsync(program);
    }

    private static async Task AssertResetAsync(Socket socket)
    {
        var failure = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            var buffer = new byte[1_000];
            while (await socket.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(RealPair.Bound) > 0)
            {
            }
        });
        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
    }
}
