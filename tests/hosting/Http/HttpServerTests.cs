using System.Net;
using System.Net.Sockets;
using WeCan.Hosting.Http;
using WeCan.Hosting.Tests.Support;

namespace WeCan.Hosting.Tests.Http;

/// <summary>The server on real sockets and with a clock that the test moves: answers, bounds of bytes, of connections and of time, and that nothing ends it.</summary>
public sealed class HttpServerTests : IAsyncDisposable
{
    private const string Request = "GET /a%20b?x=1&q=c+%2b HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Answered = "GET /a b c + ";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly TestSite _site = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly HttpServer _server;

    public HttpServerTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _server = new(_listener, _site, _time);
        _server.Start();
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Requests_follow_each_other_on_one_connection_also_before_they_are_answered()
    {
        using var client = Connect();
        client.Send(Request + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + Request);
        var first = client.Answer();
        Assert.Equal((200, Answered), (first.Status, first.Body));
        Assert.StartsWith("HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: ", first.Head, StringComparison.Ordinal);
        Assert.Equal("POST /  hello", client.Answer().Body);
        Assert.Contains("Content-Length: 8", client.Answer(hasBody: false).Head, StringComparison.Ordinal);
        Assert.Equal(Answered, client.Answer().Body);
        Assert.Equal(1, _server.Open);
    }

    [Fact]
    public void A_request_that_comes_byte_by_byte_is_answered()
    {
        using var client = Connect();
        foreach (var letter in "POST /?q=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
            client.Send(letter.ToString());
        Assert.Equal("POST / 1 abc", client.Answer().Body);
    }

    [Fact]
    public void Who_waits_for_a_word_gets_it_and_who_is_old_or_says_so_is_left()
    {
        using var client = Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
        Assert.Equal(100, client.Answer().Status);
        client.Send("ok");
        var answer = client.Answer();
        Assert.Equal("POST /  ok", answer.Body);
        Assert.EndsWith("Connection: close", answer.Head, StringComparison.Ordinal);
        client.AssertEnded();

        using var old = Connect();
        old.Send("GET /old HTTP/1.0\r\n\r\n");
        Assert.Equal("GET /old  ", old.Answer().Body);
        old.AssertEnded();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400, "no HTTP/1.1")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 411, "Content-Length")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n", 413, "longer than the 100 bytes")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nExpect: all\r\n\r\n", 417, "100-continue")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "use HTTP/1.1")]
    public void What_is_no_request_is_refused_by_name_and_ends_the_connection(string text, int status, string sentence)
    {
        using var client = Connect();
        client.Send(text);
        var refused = client.Answer();
        Assert.Equal(status, refused.Status);
        Assert.Contains(sentence, refused.Body, StringComparison.Ordinal);
        client.AssertEnded();
    }

    [Fact]
    public void Who_sends_too_much_hears_so_and_is_taken_from_up_to_a_bound()
    {
        using (var head = Connect())
        {
            head.SendAsFarAsItGoes([.. "GET /"u8, .. Enumerable.Repeat((byte)'a', 200_000)]);
            Assert.Equal(HttpStatus.HeaderFieldsTooLarge, head.Answer().Status);
        }

        using (var body = Connect())
        {
            body.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n");
            body.SendAsFarAsItGoes(new byte[200_000]);
            Assert.Equal(HttpStatus.ContentTooLarge, body.Answer().Status);
        }

        using var flood = Connect();
        flood.Send("BAD\r\n\r\n");
        flood.SendAsFarAsItGoes(new byte[TestSite.Much]);
        AwaitOpen(0);
    }

    [Fact]
    public void A_fault_is_told_and_the_connection_goes_on()
    {
        using var client = Connect();
        client.Send("GET /fault HTTP/1.1\r\nHost: a\r\n\r\n" + Request);
        var fault = client.Answer();
        Assert.Equal((500, "The daemon failed at it: InvalidOperationException: Broken."), (fault.Status, fault.Body));
        Assert.Equal(Answered, client.Answer().Body);
    }

    [Fact]
    public void One_connection_too_many_is_refused_until_another_ends()
    {
        var clients = Enumerable.Range(0, _site.Connections).Select(_ => Connect()).ToList();
        foreach (var client in clients)
        {
            client.Send(Request);
            client.Answer();
        }

        using (var late = Connect())
        {
            var refused = late.Answer();
            Assert.Equal((503, "4 connections are open already: come back later."), (refused.Status, refused.Body));
            late.AssertEnded();
        }

        AwaitOpen(_site.Connections);
        clients[0].Dispose();
        AwaitOpen(_site.Connections - 1);
        using var next = Connect();
        next.Send(Request);
        Assert.Equal(200, next.Answer().Status);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public void However_many_connect_only_so_many_are_held()
    {
        var clients = Enumerable.Range(0, _site.Connections).Select(_ => Connect()).ToList();
        foreach (var client in clients)
        {
            client.Send(Request);
            client.Answer();
        }

        var late = Enumerable.Range(0, 60).Select(_ => Connect()).ToList();
        Assert.InRange(late.Count(client => client.TryAnswer(out var answer) && answer.Status == HttpStatus.ServiceUnavailable), HostingLimits.HttpRefusals, late.Count);
        Assert.InRange(_server.Open, _site.Connections, _site.Connections + HostingLimits.HttpRefusals);
        Assert.True(SpinWait.SpinUntil(() => _time.Waiting.Count(away => away == HostingLimits.HttpFarewellTime) == HostingLimits.HttpRefusals, Bound), "Not as many hear a sentence as may.");
        _time.Advance(HostingLimits.HttpFarewellTime);
        AwaitOpen(_site.Connections);
        clients.ForEach(client => client.Reset());
        AwaitOpen(0);
        late.ForEach(client => client.Dispose());
    }

    [Fact]
    public void Who_sends_a_head_drop_by_drop_is_cut_off_at_its_time()
    {
        using var client = Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
        AwaitTimer(HostingLimits.HttpHeadTime);
        for (var second = 1; second < HostingLimits.HttpHeadTime.TotalSeconds; second++)
        {
            // Each drop comes in time for the one before it, which counts for nothing.
            client.Send("a");
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(1, _server.Open);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatus.RequestTimeout, client.Answer().Status);
        client.AssertEnded();
    }

    [Fact]
    public void Who_stops_within_a_body_is_cut_off_at_its_time()
    {
        using var client = Connect();
        client.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n");
        Assert.Equal(100, client.Answer().Status);
        client.Send("half");
        AdvanceUntil(() => client.HasNews);
        Assert.Equal(HttpStatus.RequestTimeout, client.Answer().Status);
        client.AssertEnded();
    }

    [Fact]
    public void Who_asks_nothing_more_is_left_after_a_while_without_a_word()
    {
        using var silent = Connect();
        AwaitTimer(HostingLimits.HttpIdleTime);
        _time.Advance(HostingLimits.HttpIdleTime);
        silent.AssertEnded();

        using var client = Connect();
        client.Send(Request);
        client.Answer();
        AwaitTimer(HostingLimits.HttpIdleTime);
        _time.Advance(HostingLimits.HttpIdleTime - TimeSpan.FromSeconds(1));
        client.Send(Request);
        Assert.Equal(200, client.Answer().Status);
        AwaitTimer(HostingLimits.HttpIdleTime);
        _time.Advance(HostingLimits.HttpIdleTime);
        client.AssertEnded();
    }

    [Fact]
    public void Who_does_not_take_the_answer_is_cut_off_at_its_time()
    {
        using var client = Connect();
        client.Send("GET /much HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(200, client.Answer(hasBody: false).Status);
        AdvanceUntil(() => _server.Open == 0);
    }

    [Fact]
    public void An_answer_that_does_not_come_is_refused_at_its_time()
    {
        using var client = Connect();
        client.Send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
        AdvanceUntil(() => client.HasNews);
        Assert.Equal(503, client.Answer().Status);
        client.Send(Request);
        Assert.Equal(200, client.Answer().Status);
    }

    [Fact]
    public void Nothing_that_comes_ends_the_server_or_stays_in_it()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var bytes = new byte[random.Next(1, 3_000)];
            random.NextBytes(bytes);
            var cut = random.Next(Request.Length);
            using var client = Connect();
            client.SendAsFarAsItGoes(random.Next(2) == 0 ? bytes : [.. System.Text.Encoding.ASCII.GetBytes(Request[..cut]), .. bytes]);
            if (random.Next(2) == 0)
                client.Reset();
        }

        // While there are too many of them yet, one more is turned away.
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                using var after = Connect();
                after.SendAsFarAsItGoes(System.Text.Encoding.ASCII.GetBytes(Request));
                return after.TryAnswer(out var answer) && answer.Body == Answered;
            },
            Bound));
        AwaitOpen(0);
    }

    [Fact]
    public async Task Its_end_ends_every_connection_whatever_it_waits_for()
    {
        using var idle = Connect();
        using var within = Connect();
        within.Send("GET /");
        using var unanswered = Connect();
        unanswered.Send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
        using var untaken = Connect();
        untaken.Send("GET /much HTTP/1.1\r\nHost: a\r\n\r\n");
        untaken.Answer(hasBody: false);
        AwaitOpen(4);
        await _server.DisposeAsync();
        AwaitOpen(0);
        Assert.Empty(_time.Waiting);
    }

    /// <summary>Which step the server is in does not show outside: time passes until its bound has.</summary>
    private void AdvanceUntil(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return condition();
        },
        Bound));

    /// <summary>Until somebody waits for a time that is so far away, and the bytes that were sent have been taken.</summary>
    private void AwaitTimer(TimeSpan away) => Assert.True(SpinWait.SpinUntil(() => _time.Waiting.Contains(away), Bound), $"Nobody waits for {away}, but {string.Join(", ", _time.Waiting)}.");

    private RawClient Connect() => new(_listener.LocalEndPoint!);

    private void AwaitOpen(int open) => Assert.True(SpinWait.SpinUntil(() => _server.Open == open, Bound), $"{_server.Open} connections are open, not {open}.");
}
