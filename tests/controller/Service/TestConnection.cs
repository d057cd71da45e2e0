using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Tests.Service;

/// <summary>A node's connection to a controller's sessions, written here once more, so that the node's own code is not what decides what is right.</summary>
internal sealed class TestConnection : IAsyncDisposable
{
    private readonly IAsyncDisposable? _below;

    private TestConnection(Stream stream, IAsyncDisposable? below) => (Stream, _below) = (stream, below);

    public Stream Stream { get; }

    /// <summary>Skips the test that calls it where the transport cannot be had.</summary>
    public static void Require(Transport transport) =>
        Assert.SkipWhen(transport == Transport.Quic && !QuicConnection.IsSupported, "QUIC needs libmsquic, which this machine has not.");

    public static Task<TestConnection> OpenAsync(Transport transport, IPEndPoint controller, X509Certificate2 own, RemoteCertificateValidationCallback trust, CancellationToken cancellation) =>
        transport == Transport.Quic ? OpenQuicAsync(controller, own, trust, cancellation) : OpenWebSocketAsync(controller, own, trust, cancellation);

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        if (_below is not null)
            await _below.DisposeAsync();
    }

    /// <summary>A connection by QUIC, of which any stream is the test's to open.</summary>
    public static async Task<QuicConnection> OpenBareQuicAsync(IPEndPoint controller, X509Certificate2? own, RemoteCertificateValidationCallback trust, CancellationToken cancellation)
    {
        if (!QuicConnection.IsSupported)
            throw new PlatformNotSupportedException();
        return await QuicConnection.ConnectAsync(
            new()
            {
                RemoteEndPoint = controller,
                DefaultCloseErrorCode = 0,
                DefaultStreamErrorCode = 0,
                KeepAliveInterval = ControlLimits.QuicKeepAlive.ToTimeSpan(),
                IdleTimeout = ControlLimits.QuicSilenceAllowed.ToTimeSpan(),
                ClientAuthenticationOptions = new()
                {
                    ApplicationProtocols = [new(ControlOverQuic.Protocol)],
                    ClientCertificates = own is null ? null : [own],
                    RemoteCertificateValidationCallback = trust,
                },
            },
            cancellation);
    }

    private static async Task<TestConnection> OpenQuicAsync(IPEndPoint controller, X509Certificate2 own, RemoteCertificateValidationCallback trust, CancellationToken cancellation)
    {
        if (!QuicConnection.IsSupported)
            throw new PlatformNotSupportedException();
        var connection = await OpenBareQuicAsync(controller, own, trust, cancellation);
        return new(await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, cancellation), connection);
    }

    private static async Task<TestConnection> OpenWebSocketAsync(IPEndPoint controller, X509Certificate2 own, RemoteCertificateValidationCallback trust, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        socket.Options.ClientCertificates.Add(own);
        socket.Options.RemoteCertificateValidationCallback = trust;
        try
        {
            await socket.ConnectAsync(new Uri($"wss://{controller}/v1/control"), cancellation);
            return new(WebSocketStream.Create(socket, WebSocketMessageType.Binary, closeTimeout: TimeSpan.FromSeconds(1)), null);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
