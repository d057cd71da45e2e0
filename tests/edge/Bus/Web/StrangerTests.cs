using System.Net.Sockets;
using System.Text;
using WeCan.Edge.Bus.Web;

namespace WeCan.Edge.Tests.Bus.Web;

/// <summary>Connections that are nobody's yet, and what they can take of others.</summary>
public sealed class StrangerTests
{
    [Fact]
    public async Task Who_says_nothing_half_a_handshake_or_half_a_head_is_let_go_of_in_time()
    {
        await using var edge = new WebEdge();
        using var silent = await edge.TcpAsync();
        using var half = await edge.TcpAsync();
        await half.SendAsync(new byte[] { 0x16, 3, 1, 2, 0, 1, 0 }, TestContext.Current.CancellationToken);
        await using var headless = await edge.TlsAsync();
        await headless.WriteAsync("GET /bus HTTP/1.1\r\nHost: edge\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var mute = await WebPlayer.JoinAsync(edge, "mute");
        using var ann = await WebPlayer.JoinAsync(edge, "ann", 2);
        await ann.UntilAsync(() => ann.Player.Readies == 1, "greeted");
        await edge.UntilAsync(() => edge.Server.Strangers.Count == 4 && edge.Server.Handshakes.Count == 1, "all are there");

        // The handshake has less time than the rest.
        edge.Time.Advance(WebLimits.HandshakeTime);
        Assert.Equal("", await WebEdge.ReadToEndAsync(new NetworkStream(half)));
        await edge.UntilAsync(() => edge.Server.Strangers.Count == 3, "half a handshake is gone");
        edge.Time.Advance(WebLimits.StrangerTime - WebLimits.HandshakeTime);
        Assert.Equal("", await WebEdge.ReadToEndAsync(new NetworkStream(silent)));
        Assert.Equal("", await WebEdge.ReadToEndAsync(headless));
        await edge.UntilAsync(() => edge.Server.Strangers.Count == 0 && edge.Server.Open == 1, "all are gone but the client");
        Assert.Equal((3, 1), (edge.Server.Counters.Refused(WebRefusal.Silent), edge.Server.Counters.Refused(WebRefusal.Handshake)));

        // The client that has greeted stays.
        var number = ann.Player.Publish("shop.orders.new", [1]);
        await ann.UntilAsync(() => ann.Player.Settled == number, "confirmed");
    }

    [Fact]
    public async Task Thousands_who_say_nothing_take_nobody_s_place()
    {
        await using var edge = new WebEdge();
        var silent = new List<Socket>();
        try
        {
            for (var i = 0; i < WebLimits.Strangers + 50; i++)
                silent.Add(await edge.TcpAsync());
            await edge.UntilAsync(() => edge.Server.Counters.Refused(WebRefusal.Silent) == 50, "those who came first are gone");
            using var ann = await WebPlayer.JoinAsync(edge, "ann");
            await ann.UntilAsync(() => ann.Player.Readies == 1, "greeted");
            Assert.InRange(edge.Server.Strangers.Count, WebLimits.Strangers - 10, WebLimits.Strangers);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Theory]
    [InlineData("GET /bus HTTP/1.1\r\nHost: edge\r\n\r\n")]
    [InlineData("\0\u0001\u0002\u0003 nothing of TLS")]
    public async Task Without_TLS_nothing_is_answered(string bytes)
    {
        await using var edge = new WebEdge();
        using var socket = await edge.TcpAsync();
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("HTTP", await WebEdge.ReadToEndAsync(stream), StringComparison.Ordinal);
        await edge.UntilAsync(() => edge.Server.Open == 0, "gone");
        Assert.Equal(1, edge.Server.Counters.Refused(WebRefusal.Handshake));
    }

    [Fact]
    public async Task A_head_that_never_ends_is_refused_when_it_is_too_long()
    {
        await using var edge = new WebEdge();
        Assert.StartsWith("HTTP/1.1 431 ", await edge.AskAsync($"GET /bus HTTP/1.1\r\nHost: edge\r\nX: {new string('x', 9_000)}"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await edge.AskAsync($"GET /bus HTTP/1.1\r\nHost: edge\r\n{string.Concat(Enumerable.Repeat("a: b\r\n", 100))}\r\n"), StringComparison.Ordinal);
        Assert.Equal(2, edge.Server.Counters.Refused(WebRefusal.Request));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: edge\r\n\r\n", "404 Not Found")]
    [InlineData("POST /bus HTTP/1.1\r\nHost: edge\r\nContent-Length: 0\r\n\r\n", "405 Method Not Allowed")]
    [InlineData("GET /publish/shop.x HTTP/1.1\r\nHost: edge\r\n\r\n", "405 Method Not Allowed")]
    [InlineData("GET /bus HTTP/1.1\r\nHost: edge\r\n\r\n", "426 Upgrade Required")]
    [InlineData("GET /bus HTTP/1.1\r\nHost: edge\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", "426 Upgrade Required")]
    [InlineData("GET /bus HTTP/1.1\r\nHost: edge\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n", "426 Upgrade Required")]
    [InlineData("GET /bus HTTP/2.0\r\nHost: edge\r\n\r\n", "505 HTTP Version Not Supported")]
    [InlineData("nonsense\r\n\r\n", "400 Bad Request")]
    public async Task A_request_that_is_none_is_refused_in_a_sentence(string request, string status)
    {
        await using var edge = new WebEdge();
        var answer = await edge.AskAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", answer, StringComparison.Ordinal);
        Assert.Matches("\\{\"error\":\"[A-Z/].*\\.?\"\\}\n$", answer);
    }

    [Fact]
    public async Task Noise_of_any_kind_ends_and_leaves_nothing()
    {
        await using var edge = new WebEdge();
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            var bytes = new byte[random.Next(1, 4_000)];
            random.NextBytes(bytes);
            using var socket = await edge.TcpAsync();
            await using Stream stream = i % 2 == 0 ? new NetworkStream(socket) : await edge.TlsAsync();
            if (i % 2 == 0 && i % 4 == 0)
                bytes[0] = 0x16;
            await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        }

        await edge.UntilAsync(() => edge.Server.Open == 0 && edge.Server.Strangers.Count == 0 && edge.Server.Handshakes.Count == 0, "all are gone");
    }
}
