using System.Net;
using System.Net.WebSockets;
using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Edge.Bus;
using WeCan.Edge.Bus.Web;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Tests.Bus.Web;

/// <summary>Clients by WebSocket, with the framework's own at their end.</summary>
public sealed class WebSocketTests
{
    [Fact]
    public async Task What_one_publishes_comes_to_another_in_order_and_whole()
    {
        await using var edge = new WebEdge();
        using var shop = await WebPlayer.JoinAsync(edge, "shop", 1);
        using var ann = await WebPlayer.JoinAsync(edge, "ann", 2);
        var orders = ann.Player.Subscribe("shop.orders.*");
        await ann.UntilAsync(() => ann.Player.Confirmed.Contains(orders), "subscribed");

        for (var i = 0; i < 2_000; i++)
            shop.Player.Publish("shop.orders.new", BitConverter.GetBytes(i));
        var large = new byte[BusLimits.MaxPayload];
        new Random(3).NextBytes(large);
        var last = shop.Player.Publish("shop.orders.large", large);
        await shop.UntilAsync(() => shop.Player.Settled == last, "confirmed");
        await ann.UntilAsync(() => ann.Player.Heard.Count == 2_001, "heard");

        Assert.Equal(Enumerable.Range(0, 2_000), ann.Player.Heard.Take(2_000).Select(heard => BitConverter.ToInt32(heard.Payload)));
        Assert.Equal(large, ann.Player.Heard[^1].Payload);
        Assert.Equal(2, edge.Server.Counters.Clients);
        Assert.Equal(0, edge.Server.Strangers.Count);
    }

    [Fact]
    public async Task Who_is_revoked_is_told_and_stays_out_and_others_stay_in()
    {
        await using var edge = new WebEdge();
        using var ann = await WebPlayer.JoinAsync(edge, "ann", 1);
        using var bob = await WebPlayer.JoinAsync(edge, "bob", 2);
        edge.Revoke(Revocation.Of(edge.Clock, "shop", isClient: true, "ann", null));
        await ann.UntilAsync(() => ann.Player.Goodbyes.Count == 1, "told");
        Assert.Equal(GoodbyeReason.TokenRevoked, ann.Player.Goodbyes[0]);
        Assert.Empty(bob.Player.Goodbyes);
        Assert.Contains("The token, or its client, was taken back.", await edge.AskAsync($"POST /publish/shop.a HTTP/1.1\r\nHost: edge.test\r\nAuthorization: Bearer {edge.Token("ann")}\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_says_its_token_among_the_protocols_and_hears_the_protocol_s_name()
    {
        await using var edge = new WebEdge();
        using var ann = new WebPlayer(edge, 1);
        await ann.ConnectAsync(edge.Token("ann"), asBrowser: true);
        await ann.UntilAsync(() => ann.Player.Readies == 1, "greeted");
        Assert.Equal("wecan", ann.Web.SubProtocol);
    }

    [Fact]
    public async Task A_connection_that_is_cut_loses_and_repeats_nothing()
    {
        await using var edge = new WebEdge();
        using var shop = await WebPlayer.JoinAsync(edge, "shop", 1);
        using var ann = await WebPlayer.JoinAsync(edge, "ann", 2);
        var orders = ann.Player.Subscribe("shop.orders.*");
        await ann.UntilAsync(() => ann.Player.Confirmed.Contains(orders), "subscribed");
        var sent = 0;
        for (var life = 0; life < 8; life++)
        {
            for (var i = 0; i < 300; i++)
                shop.Player.Publish("shop.orders.new", BitConverter.GetBytes(sent++));
            var half = (ulong)(sent - 150);
            await shop.UntilAsync(() => shop.Player.Settled >= half, "half is confirmed");
            await ann.UntilAsync(() => ann.Player.Heard.Count >= sent - 250, "some is heard");
            var victim = life % 2 == 0 ? shop : ann;
            victim.Cut();
            await victim.ConnectAsync(edge.Token(victim == shop ? "shop" : "ann"));
        }

        await shop.UntilAsync(() => shop.Player.Settled == (ulong)sent, "all is confirmed");
        await ann.UntilAsync(() => ann.Player.Heard.Count >= sent && ann.Player.Resumptions == 4, "all is heard");
        Assert.Equal(Enumerable.Range(0, sent), ann.Player.Heard.Select(heard => BitConverter.ToInt32(heard.Payload)));
        Assert.Empty(ann.Player.Gaps);
        Assert.Equal((4, 4), (ann.Player.Resumptions, shop.Player.Resumptions));
    }

    [Fact]
    public async Task Nobody_is_let_in_without_a_good_token_and_hears_why()
    {
        await using var edge = new WebEdge();
        using var noToken = new ClientWebSocket();
        noToken.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        noToken.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => noToken.ConnectAsync(new($"wss://127.0.0.1:{edge.Port}/bus"), TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Unauthorized, noToken.HttpStatusCode);

        Assert.Contains("send one as \\\"Authorization: Bearer TOKEN\\\"", await edge.AskAsync(Opening("")), StringComparison.Ordinal);
        Assert.Contains("The token has ended", await edge.AskAsync(Opening($"Authorization: Bearer {edge.Token("ann", seconds: -5)}\r\n")), StringComparison.Ordinal);
        Assert.Contains("This is no token", await edge.AskAsync(Opening("Authorization: Bearer nonsense\r\n")), StringComparison.Ordinal);
        Assert.Equal(0, edge.Server.Counters.Clients);
        Assert.Equal(4, edge.Server.Counters.Refused(WebRefusal.Token));
    }

    [Fact]
    public async Task Frames_that_are_none_end_the_connection_by_name_and_text_does_too()
    {
        await using var edge = new WebEdge();
        using var ann = await WebPlayer.JoinAsync(edge, "ann");
        await ann.UntilAsync(() => ann.Player.Readies == 1, "greeted");
        await ann.Web.SendAsync(new byte[] { 1, 0xC1 }, WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken);
        await ann.UntilAsync(() => ann.Player.Goodbyes.Count == 1, "told");
        Assert.Equal([GoodbyeReason.Malformed], ann.Player.Goodbyes);

        using var bob = await WebPlayer.JoinAsync(edge, "bob", 2);
        await bob.Web.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        await bob.UntilAsync(() => false, "closed");
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, bob.Web.CloseStatus);
    }

    [Fact]
    public async Task A_client_whose_token_ends_is_told_and_let_go_of()
    {
        await using var edge = new WebEdge();
        using var ann = await WebPlayer.JoinAsync(edge, "ann");
        await ann.UntilAsync(() => ann.Player.Readies == 1, "greeted");
        edge.Clock += Duration.FromSeconds(4_000);
        await ann.UntilAsync(() => ann.Player.Goodbyes.Count == 1, "told");
        Assert.Equal([GoodbyeReason.TokenEnded], ann.Player.Goodbyes);
        await ann.UntilAsync(() => false, "closed");
        await edge.UntilAsync(() => edge.Server.Counters.Clients == 0, "gone");
    }

    [Fact]
    public async Task An_edge_that_stops_says_so()
    {
        await using var edge = new WebEdge();
        using var ann = await WebPlayer.JoinAsync(edge, "ann");
        await ann.UntilAsync(() => ann.Player.Readies == 1, "greeted");
        edge.Do(edge.Gateway.Drain);
        await ann.UntilAsync(() => ann.Player.Goodbyes.Count == 1, "told");
        Assert.Equal([GoodbyeReason.Draining], ann.Player.Goodbyes);
    }

    [Fact]
    public async Task Who_comes_again_over_another_connection_ends_the_one_before()
    {
        await using var edge = new WebEdge();
        using var ann = await WebPlayer.JoinAsync(edge, "ann");
        await ann.UntilAsync(() => ann.Player.Readies == 1, "greeted");
        using var before = ann.Web;
        ann.Client.Disconnect();
        using var again = new WebPlayer(edge, 1);
        await again.ConnectAsync(edge.Token("ann"));
        await again.UntilAsync(() => again.Player.Readies == 1, "greeted again");

        // Its last word, the end of the WebSocket, and no client left of it.
        var buffer = new byte[1_024];
        var goodbye = await before.ReceiveAsync(buffer, TestContext.Current.CancellationToken).WaitAsync(WebEdge.Bound, TestContext.Current.CancellationToken);
        Assert.Contains("another connection", Encoding.UTF8.GetString(buffer, 0, goodbye.Count), StringComparison.Ordinal);
        await edge.UntilAsync(() => edge.Server.Counters.Clients == 1, "the one before is gone");
    }

    [Fact]
    public async Task A_client_that_takes_nothing_holds_up_nobody()
    {
        await using var edge = new WebEdge();
        using var shop = await WebPlayer.JoinAsync(edge, "shop", 1);
        using var slow = await WebPlayer.JoinAsync(edge, "slow", 2);
        using var ann = await WebPlayer.JoinAsync(edge, "ann", 3);
        foreach (var reader in new[] { slow, ann })
        {
            var orders = reader.Player.Subscribe("shop.orders.*");
            await reader.UntilAsync(() => reader.Player.Confirmed.Contains(orders), "subscribed");
        }

        // From here on the slow one's socket is not read.
        var payload = new byte[64 << 10];
        for (var i = 0; i < 200; i++)
        {
            var number = shop.Player.Publish("shop.orders.new", payload);
            await shop.UntilAsync(() => shop.Player.Settled == number, "confirmed");
            await ann.UntilAsync(() => ann.Player.Heard.Count == i + 1, "heard");
        }
    }

    private static string Opening(string more) =>
        $"GET /bus HTTP/1.1\r\nHost: edge\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n";
}
