using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using WeCan.Hosting.Http;

namespace WeCan.Edge.Bus.Web;

/// <summary>What is answered by HTTP, as bytes.</summary>
internal static class WebAnswer
{
    public static ReadOnlyMemory<byte> Continue { get; } = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    /// <summary>The sentence stands in a JSON object, as <c>error</c>.</summary>
    public static byte[] Of(int status, string words, bool keepsOpen, DateTimeOffset now, string allow = "")
    {
        var body = words.Length == 0 ? "" : $"{{\"error\":\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(words)}\"}}\n";
        var type = body.Length == 0 ? "" : $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n";
        var more = (allow.Length > 0 ? $"Allow: {allow}\r\n" : "")
            + (status == HttpStatus.Unauthorized ? "WWW-Authenticate: Bearer\r\n" : "")
            + (status == HttpStatus.UpgradeRequired ? "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" : "")
            + (keepsOpen ? "" : "Connection: close\r\n");
        return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {HttpStatus.WordsOf(status)}\r\nDate: {now:R}\r\n{type}{more}\r\n{body}"));
    }

    public static byte[] Upgrade(WebRequest request) => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {request.Accept}\r\n{(request.NamesProtocol ? "Sec-WebSocket-Protocol: wecan\r\n" : "")}\r\n");
}
