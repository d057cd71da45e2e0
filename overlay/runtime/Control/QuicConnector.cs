using System.Net;
using System.Net.Quic;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;

namespace WeCan.Runtime.Control;

/// <summary>Connects to a controller by QUIC, both sides with their certificates: the counterpart of <see cref="WebSocketConnector"/>.</summary>
[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
internal static class QuicConnector
{
    public static Func<string, CancellationToken, Task<Stream>> For(CertificateKeeper certificates, NodeClock clock) =>
        (address, cancellation) => ConnectAsync(address, certificates, clock, cancellation);

    /// <exception cref="ControlRefusedException">Nobody answered, or who did is no controller of this network.</exception>
    private static async Task<Stream> ConnectAsync(string address, CertificateKeeper certificates, NodeClock clock, CancellationToken cancellation)
    {
        var trust = new ControllerTrust(certificates.Authorities, () => clock.Now);
        try
        {
            var host = new Uri($"wss://{address}");
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(ControlClientLimits.ConnectTime);
            return await QuicControlStream.ConnectAsync(new DnsEndPoint(host.IdnHost, host.Port), certificates.Current, trust.Callback, limit.Token);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested
            && failure is QuicException or SocketException or AuthenticationException or IOException or OperationCanceledException)
        {
            throw new ControlRefusedException(
                trust.Refusal is { } why ? $"who answers at {address} is no controller of this network, as {why}" : $"{address} does not answer by QUIC: {failure.GetBaseException().Message}", failure);
        }
    }
}
