using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using WeCan.Contracts.Control;

namespace WeCan.Runtime.Control;

/// <summary>
/// A node's end of a control session's connection by QUIC: a stream like any other, one reader and one writer at a time. That it is
/// connected says that a controller of our authority is there, and not that it takes this node: in QUIC the node's own certificate
/// is judged after the handshake, so only the controller's welcome says that. Whoever connects disposes of it.
/// </summary>
[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
internal sealed class QuicControlStream : Stream
{
    private static readonly SslApplicationProtocol Protocol = new(ControlOverQuic.Protocol);

    private readonly QuicConnection _connection;
    private readonly QuicStream _stream;

    private QuicControlStream(QuicConnection connection, QuicStream stream) => (_connection, _stream) = (connection, stream);

    /// <summary>This machine has the library that QUIC needs.</summary>
    [SupportedOSPlatformGuard("linux"), SupportedOSPlatformGuard("macos"), SupportedOSPlatformGuard("windows")]
    public static bool IsSupported => QuicConnection.IsSupported;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Tries the addresses of the host one after the other.</summary>
    /// <param name="controller">A host and its port.</param>
    /// <param name="own">The node's certificate with its key.</param>
    /// <param name="trust">Judges who answers.</param>
    /// <param name="cancellation">Ends the attempt, and nothing later.</param>
    public static async Task<QuicControlStream> ConnectAsync(
        DnsEndPoint controller, X509Certificate2 own, RemoteCertificateValidationCallback trust, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(controller.Host, cancellation);
        for (var i = 0; ; i++)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(addresses[i], controller.Port), own, trust, cancellation);
            }
            catch (QuicException) when (i < addresses.Length - 1)
            {
                // A machine may have an address of a kind that its network does not carry.
            }
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _stream.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _stream.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _stream.FlushAsync(cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => _stream.ReadAsync(buffer, offset, count, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => _stream.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Flush() => _stream.Flush();

    public override int Read(byte[] buffer, int offset, int count) => _stream.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => _stream.Write(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Lets what was written arrive, for a while, as closing a connection takes back what has not; then closes, whatever the other side does.</summary>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            _stream.CompleteWrites();
            await _stream.WritesClosed.WaitAsync(ControlClientLimits.CloseTime);
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or OperationCanceledException or TimeoutException)
        {
            // The other side was faster, or is gone.
        }

        try
        {
            await _connection.CloseAsync(ControlOverQuic.Done);
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // As above.
        }

        await _stream.DisposeAsync();
        await _connection.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }

    private static async Task<QuicControlStream> ConnectAsync(
        IPEndPoint address, X509Certificate2 own, RemoteCertificateValidationCallback trust, CancellationToken cancellation)
    {
        var connection = await QuicConnection.ConnectAsync(Options(address, own, trust), cancellation);
        try
        {
            return new(connection, await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, cancellation));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static QuicClientConnectionOptions Options(IPEndPoint address, X509Certificate2 own, RemoteCertificateValidationCallback trust) => new()
    {
        RemoteEndPoint = address,
        DefaultCloseErrorCode = ControlOverQuic.GivenUp,
        DefaultStreamErrorCode = ControlOverQuic.GivenUp,
        HandshakeTimeout = ControlClientLimits.ConnectTime,

        // .NET keeps nothing alive unless it is told to.
        KeepAliveInterval = ControlLimits.QuicKeepAlive.ToTimeSpan(),
        IdleTimeout = ControlLimits.QuicSilenceAllowed.ToTimeSpan(),
        ClientAuthenticationOptions = new()
        {
            ApplicationProtocols = [Protocol],
            ClientCertificates = [own],
            RemoteCertificateValidationCallback = trust,
            CertificateChainPolicy = new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true, TrustMode = X509ChainTrustMode.CustomRootTrust },
        },
    };
}
