using System.Text;
using WeCan.Hosting.Http;

namespace WeCan.Hosting.Tests.Http;

/// <summary>Heads of requests (RFC 9112): what is read from those that are taken, and the status that refuses each of the others.</summary>
public sealed class HttpHeadTests
{
    [Fact]
    public void A_head_is_read_as_it_was_sent()
    {
        var bytes = Bytes("\r\nPOST /v1/tunnels?listen=tcp%3A1&x HTTP/1.1\r\nhost: wecan\r\nContent-Length: 12\r\nAccept:  text/plain;q=0.5 \r\nEXPECT: 100-Continue\r\nX-Any: \u00ff\r\n\r\n");
        Assert.True(HttpHead.TryFind(bytes, out var length));
        Assert.Equal(bytes.Length, length);
        Assert.True(HttpHead.TryRead(bytes, out var head, out var refusal));
        Assert.Equal(0, refusal);
        Assert.Equal("POST", Text(head.Method));
        Assert.Equal("/v1/tunnels", Text(head.Path));
        Assert.Equal("listen=tcp%3A1&x", Text(head.Query));
        Assert.Equal("text/plain;q=0.5", Text(head.Accept));
        Assert.Equal((12, false, true, true), (head.BodyBytes, head.IsOld, head.AwaitsWord, head.KeepsOpen));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1", "Host: a", true)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\nConnection: upgrade, Close", false)]
    [InlineData("GET / HTTP/1.0", "", false)]
    [InlineData("GET / HTTP/1.0", "Connection: Keep-Alive", true)]
    [InlineData("GET / HTTP/1.0", "Connection: keep-alive\r\nConnection: close", false)]
    [InlineData("GET / HTTP/1.7", "Host: a", true)]
    public void A_connection_stays_open_as_both_sides_know(string line, string fields, bool keepsOpen)
    {
        Assert.Equal(0, RefusalOf(line, fields, out var keeps));
        Assert.Equal(keepsOpen, keeps);
    }

    [Theory]
    [InlineData("http://host:80/healthz?x", "/healthz")]
    [InlineData("HTTP://host", "/")]
    [InlineData("/%41//..", "/%41//..")]
    public void A_target_is_a_path_also_with_a_host_before_it(string target, string path)
    {
        Assert.True(HttpHead.TryRead(Bytes($"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"), out var head, out _));
        Assert.Equal(path, Text(head.Path));
    }

    [Theory]
    [InlineData("", "Host: a", 400)]
    [InlineData("GET", "Host: a", 400)]
    [InlineData("GET /", "Host: a", 400)]
    [InlineData("GET  HTTP/1.1", "Host: a", 400)]
    [InlineData(" / HTTP/1.1", "Host: a", 400)]
    [InlineData("G(T / HTTP/1.1", "Host: a", 400)]
    [InlineData("GET a HTTP/1.1", "Host: a", 400)]
    [InlineData("GET /a b HTTP/1.1", "Host: a", 400)]
    [InlineData("GET /\u0000 HTTP/1.1", "Host: a", 400)]
    [InlineData("GET /\u00e4 HTTP/1.1", "Host: a", 400)]
    [InlineData("GET / HTTP/1.1", "", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\nHost: a", 400)]
    [InlineData("GET / HTTP/1.1", "Host : a", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\n b", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\nNothing", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\nX: b", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\rX: b", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\u0000", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\nContent-Length: -1", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\nContent-Length: +1", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\nContent-Length: 1,1", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\nContent-Length:", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\nContent-Length: 1\r\nContent-Length: 1", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked", 400)]
    [InlineData("GET / HTTP/1.0", "Transfer-Encoding: chunked", 400)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\nTransfer-Encoding: chunked", 411)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\nContent-Length: 99999999999999999999", 413)]
    [InlineData("GET / HTTP/1.1", "Host: a\r\nExpect: more", 417)]
    [InlineData("GET / HTTP/2.0", "Host: a", 505)]
    [InlineData("GET / HTTP/0.9", "Host: a", 505)]
    [InlineData("GET / HTTP/11", "Host: a", 400)]
    [InlineData("GET / http/1.1", "Host: a", 400)]
    public void What_two_readers_might_read_as_two_requests_is_refused(string line, string fields, int status) => Assert.Equal(status, RefusalOf(line, fields, out _));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 431)]
    public void Fields_are_counted(int beyond, int status) =>
        Assert.Equal(status, RefusalOf("GET / HTTP/1.1", "Host: a\r\n" + string.Join("\r\n", Enumerable.Repeat("X: 1", HostingLimits.HttpFields - 1 + beyond)), out _));

    [Fact]
    public void A_head_is_whole_with_its_empty_line_and_not_before()
    {
        var bytes = Bytes("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(HttpHead.TryFind(bytes.AsSpan(0, length), out _));
        Assert.True(HttpHead.TryFind([.. bytes, .. bytes], out var found));
        Assert.Equal(bytes.Length, found);
    }

    private static int RefusalOf(string line, string fields, out bool keepsOpen)
    {
        var isRead = HttpHead.TryRead(Bytes($"{line}\r\n{(fields.Length > 0 ? fields + "\r\n" : "")}\r\n"), out var head, out var refusal);
        Assert.Equal(refusal == 0, isRead);
        keepsOpen = head.KeepsOpen;
        return refusal;
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
