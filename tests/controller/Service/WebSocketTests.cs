using System.Net;
using System.Security.Authentication;

namespace WeCan.Controller.Tests.Service;

public sealed class WebSocketTests() : TransportSuite(Transport.WebSocket)
{
    private protected override async Task<string> AskRefusalAsync(TestNode node, IPEndPoint controller)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = node.Trust, ClientCertificates = [node.Certificate], EnabledSslProtocols = SslProtocols.Tls13 },
        };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://{controller}/v1/control"));
        request.Headers.Add("Connection", "Upgrade");
        request.Headers.Add("Upgrade", "websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==");
        using var response = await http.SendAsync(request, Time);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Time);
    }
}
