using System.Net;
using System.Text;
using WeCan.Edge.Bus;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Tests.Bus.Web;

/// <summary>Messages that are posted by HTTP.</summary>
public sealed class PostTests
{
    [Fact]
    public async Task A_posted_message_comes_to_who_is_subscribed_and_several_go_over_one_connection()
    {
        await using var edge = new WebEdge();
        using var ann = await WebPlayer.JoinAsync(edge, "ann");
        var orders = ann.Player.Subscribe("shop.>");
        await ann.UntilAsync(() => ann.Player.Confirmed.Contains(orders), "subscribed");
        using var http = Http(edge);

        for (var i = 0; i < 5; i++)
            Assert.Equal((HttpStatusCode.NoContent, ""), await PostAsync(http, "shop.orders.new", $"order {i}"));
        Assert.Equal((HttpStatusCode.NoContent, ""), await PostAsync(http, "shop.orders.%E5%8C%97", new string('x', BusLimits.MaxPayload)));

        await ann.UntilAsync(() => ann.Player.Heard.Count == 6, "heard");
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"order {i}").ToArray(), ann.Player.Heard.Take(5).Select(heard => Encoding.UTF8.GetString(heard.Payload)).ToArray());
        Assert.Equal(("shop.orders.北", BusLimits.MaxPayload), (ann.Player.Heard[5].Subject, ann.Player.Heard[5].Payload.Length));
        Assert.Equal(2, edge.Server.Open);
    }

    [Fact]
    public async Task An_id_makes_a_repetition_harmless_and_headers_go_along()
    {
        await using var edge = new WebEdge();
        using var ann = await WebPlayer.JoinAsync(edge, "ann");
        var orders = ann.Player.Subscribe("shop.>");
        await ann.UntilAsync(() => ann.Player.Confirmed.Contains(orders), "subscribed");
        for (var i = 0; i < 3; i++)
        {
            using var http = Http(edge);
            Assert.Equal((HttpStatusCode.NoContent, ""), await PostAsync(http, "shop.orders.new", "one", ("WeCan-Id", "order-17"), ("WeCan-Header-kind", "test"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")));
        }

        using (var http = Http(edge))
            Assert.Equal((HttpStatusCode.NoContent, ""), await PostAsync(http, "shop.orders.new", "two", ("WeCan-Id", "order-18")));
        await ann.UntilAsync(() => ann.Player.Heard.Count == 2, "heard");
        Assert.Equal("one, two", string.Join(", ", ann.Player.Heard.Select(heard => Encoding.UTF8.GetString(heard.Payload))));
        Assert.True(MessageExtras.TryRead(ann.Player.Extras[0], out var extras));
        Assert.Equal("order-17", Encoding.UTF8.GetString(extras.Id));
        Assert.Contains("kind", Encoding.UTF8.GetString(extras.Headers), StringComparison.Ordinal);
        Assert.Contains("traceparent", Encoding.UTF8.GetString(extras.Headers), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_refused_is_refused_by_name()
    {
        await using var edge = new WebEdge();
        using var http = Http(edge);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(http, "shop..new", "x")).Status);
        var forbidden = await PostAsync(http, "bank.orders.new", "x");
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.Status);
        Assert.Contains("does not let its client publish to bank.orders.new", forbidden.Body, StringComparison.Ordinal);
        var large = await PostAsync(http, "shop.orders.new", new string('x', BusLimits.MaxPayload + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.Status);
        Assert.Contains($"at most {BusLimits.MaxPayload} are taken", large.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(http, "shop.orders.new", "x", ("WeCan-Id", new string('x', 129)))).Status);
        http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(http, "shop.orders.new", "x")).Status);
        http.DefaultRequestHeaders.Authorization = new("Bearer", edge.Token("shop", seconds: -5));
        Assert.Contains("The token has ended", (await PostAsync(http, "shop.orders.new", "x")).Body, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 411 ", await edge.AskAsync("POST /publish/shop.x HTTP/1.1\r\nHost: edge\r\nTransfer-Encoding: chunked\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_message_is_judged_by_the_token_that_it_came_with()
    {
        await using var edge = new WebEdge();
        using var wide = Http(edge);
        using var narrow = Http(edge);
        narrow.DefaultRequestHeaders.Authorization = new("Bearer", edge.Token("shop", publish: "shop.audit.>"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(wide, "shop.orders.new", "x")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(narrow, "shop.orders.new", "x")).Status);
            Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(narrow, "shop.audit.new", "x")).Status);
        }

        Assert.Equal(1, await edge.AskLoopAsync(_ => edge.Core.SessionCount));
    }

    [Fact]
    public async Task Many_at_once_are_each_answered_and_beyond_the_bound_refused()
    {
        await using var edge = new WebEdge();
        using var http = Http(edge);
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => PostAsync(http, "shop.orders.new", $"{i}")));
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.NoContent or HttpStatusCode.TooManyRequests));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.NoContent);
        Assert.Equal(answers.Count(answer => answer.Status == HttpStatusCode.NoContent), await edge.AskLoopAsync(_ => (int)edge.Core.Counters.MessagesIn));
    }

    private static HttpClient Http(WebEdge edge)
    {
#pragma warning disable CA2000 // The client disposes of it.
        var handler = new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
#pragma warning restore CA2000
        var http = new HttpClient(handler) { BaseAddress = new($"https://127.0.0.1:{edge.Port}"), Timeout = WebEdge.Bound };
        http.DefaultRequestHeaders.Authorization = new("Bearer", edge.Token("shop"));
        return http;
    }

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(HttpClient http, string subject, string body, params (string Name, string Value)[] headers)
    {
        using var content = new StringContent(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/publish/{subject}") { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
