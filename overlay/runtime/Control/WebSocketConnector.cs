using System.Net;
using System.Net.WebSockets;

namespace WeCan.Runtime.Control;

/// <summary>
/// Connects to a controller by a WebSocket on TLS, both sides with their certificates. What it gives is a stream of bytes, and
/// that is all that a session knows of its connection.
/// </summary>
internal static class WebSocketConnector
{
    /// <exception cref="ControlRefusedException">Somebody answered, and took this node's certificate or showed its own in vain.</exception>
    public static async Task<Stream> ConnectAsync(string address, CertificateKeeper certificates, NodeClock clock, CancellationToken cancellation)
    {
        var trust = new ControllerTrust(certificates.Authorities, () => clock.Now);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.Proxy = null;
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.ClientCertificates.Add(certificates.Current);
            socket.Options.RemoteCertificateValidationCallback = trust.Callback;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(ControlClientLimits.ConnectTime);
            await socket.ConnectAsync(new Uri($"wss://{address}/v1/control"), limit.Token);
            return WebSocketStream.Create(socket, WebSocketMessageType.Binary, ControlClientLimits.CloseTime);
        }
        catch (Exception failure)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            if (cancellation.IsCancellationRequested)
                throw;
            throw new ControlRefusedException(Explain(address, failure, trust, status, certificates.End), failure);
        }
    }

    private static string Explain(string address, Exception failure, ControllerTrust trust, HttpStatusCode status, DateTimeOffset end)
    {
        if (trust.Refusal is { } why)
            return $"who answers at {address} is no controller of this network, as {why}";
        if (status == HttpStatusCode.Forbidden)
            return $"{address} does not take this node's certificate, which ends at {end:yyyy-MM-dd HH:mm:ss'Z'}: enrol the node anew with a new token if that has passed";
        return failure is OperationCanceledException
            ? $"{address} did not answer within {ControlClientLimits.ConnectTime.TotalSeconds:0} s"
            : $"{address}: {failure.GetBaseException().Message}";
    }
}
