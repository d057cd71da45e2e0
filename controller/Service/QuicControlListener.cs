using System.Collections.Concurrent;
using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Controller.Store;

namespace WeCan.Controller.Service;

/// <summary>
/// Where nodes open their control sessions by QUIC: one stream of one connection for each, with the bytes that a WebSocket's
/// messages would carry. As there, TLS asks for a certificate and takes any; what it is worth is judged here, so that who is refused
/// is told why in a goodbye, which a failed handshake could not carry. Nothing of a stranger's waits without a bound: handshakes,
/// connections without a stream and goodbyes have a number and a time each.
/// </summary>
[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
internal sealed class QuicControlListener : IAsyncDisposable
{
    private static readonly SslApplicationProtocol Protocol = new(ControlOverQuic.Protocol);

    private readonly NodeEndpoints _nodes;
    private readonly ILogger _log;
    private readonly QuicListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _serving = new();
    private readonly SemaphoreSlim _connections = new(ServiceLimits.Connections);
    private readonly SemaphoreSlim _refusals = new(ServiceLimits.QuicRefusals);
    private readonly Task _accepting;

    private QuicControlListener(QuicListener listener, NodeEndpoints nodes, ILogger log)
    {
        (_listener, _nodes, _log) = (listener, nodes, log);
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address => _listener.LocalEndPoint;

    /// <exception cref="QuicException">The port cannot be listened on.</exception>
    public static async Task<QuicControlListener> StartAsync(IPEndPoint listen, NodeEndpoints nodes, ILogger log, CancellationToken cancellation)
    {
        var listener = await QuicListener.ListenAsync(
            new()
            {
                ListenEndPoint = listen,
                ApplicationProtocols = [Protocol],
                ListenBacklog = ServiceLimits.QuicBacklog,

                // Made anew for each connection, as the controller's own certificate may have been replaced since.
                ConnectionOptionsCallback = (_, _, _) => ValueTask.FromResult(Options(nodes.OwnCertificate)),
            },
            cancellation);
        return new(listener, nodes, log);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listener.DisposeAsync();
        await _accepting;
        await Task.WhenAll(_serving.Keys).WaitAsync(ServiceLimits.StopTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _connections.Dispose();
        _refusals.Dispose();
    }

    private static QuicServerConnectionOptions Options(X509Certificate2 own) => new()
    {
        DefaultCloseErrorCode = ControlOverQuic.GivenUp,
        DefaultStreamErrorCode = ControlOverQuic.GivenUp,
        HandshakeTimeout = ServiceLimits.QuicHandshakeTime,
        IdleTimeout = ControlLimits.QuicSilenceAllowed.ToTimeSpan(),
        MaxInboundBidirectionalStreams = 1,
        MaxInboundUnidirectionalStreams = 0,
        ServerAuthenticationOptions = new()
        {
            ApplicationProtocols = [Protocol],
            ServerCertificate = own,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,

            // A certificate can name places to ask about it; a stranger's must not send this controller anywhere.
            CertificateChainPolicy = new() { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true, TrustMode = X509ChainTrustMode.CustomRootTrust },
        },
    };

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Track(ServeAsync(await _listener.AcceptConnectionAsync(_stopping.Token)));
            }
            catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception failure) when (failure is QuicException or AuthenticationException or IOException)
            {
                // One handshake that came to nothing; the next connection is accepted all the same.
                ServiceLog.HandshakeFailed(_log, failure.Message);
            }
        }
    }

    private void Track(Task serving)
    {
        _serving[serving] = true;
        _ = serving.ContinueWith(done => _serving.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task ServeAsync(QuicConnection connection)
    {
        var code = ControlOverQuic.TooMany;
        QuicStream? stream = null;
        if (_connections.Wait(TimeSpan.Zero))
        {
            try
            {
                using var certificate = connection.RemoteCertificate as X509Certificate2;
                stream = await AcceptStreamAsync(connection);
                code = stream is null ? ControlOverQuic.NoStream : await TalkAsync(stream, certificate, $"{connection.RemoteEndPoint.Address}");
            }
            catch (Exception end) when (end is IOException or OperationCanceledException or ObjectDisposedException or StoreException)
            {
                code = ControlOverQuic.GivenUp;
            }
            finally
            {
                _connections.Release();
            }
        }

        await CloseAsync(connection, stream, code);
    }

    /// <summary>The one stream of a connection; none if the node opens none in time.</summary>
    private async Task<QuicStream?> AcceptStreamAsync(QuicConnection connection)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(ServiceLimits.QuicStreamTime);
        try
        {
            return await connection.AcceptInboundStreamAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            ServiceLog.ConnectionRefused(_log, $"{connection.RemoteEndPoint.Address}", $"it opened no stream within {ServiceLimits.QuicStreamTime.TotalSeconds:0} s");
            return null;
        }
    }

    /// <summary>What the node says over its stream, or why it may not; how the connection is to be closed.</summary>
    private async Task<long> TalkAsync(QuicStream stream, X509Certificate2? certificate, string address)
    {
        if (_nodes.Judge(certificate, out var refusal) is { } number)
        {
            await _nodes.ServeAsync(stream, number, certificate!, address, "QUIC");
            return ControlOverQuic.Done;
        }

        _nodes.Refused();
        ServiceLog.ConnectionRefused(_log, address, refusal);
        if (_refusals.Wait(TimeSpan.Zero))
        {
            try
            {
                await RefuseAsync(stream, $"This controller does not take the node's certificate: {refusal}.");
            }
            finally
            {
                _refusals.Release();
            }
        }

        return ControlOverQuic.NotAdmitted;
    }

    /// <summary>Says the goodbye and waits until the node goes, or its time is up: to close at once would tear it out of the node's hands.</summary>
    private async Task RefuseAsync(QuicStream stream, string sentence)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(ServiceLimits.CloseTime);
        try
        {
            await stream.WriteAsync(new GoodbyeMessage(GoodbyeReason.NotAMember, sentence, 0).ToFrame(), completeWrites: true, limit.Token);
            var buffer = new byte[ServiceLimits.ReadBytes];
            while (await stream.ReadAsync(buffer, limit.Token) > 0)
            {
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException)
        {
            // It heard the goodbye or it did not: the code with which the connection closes says as much as a code can.
        }
    }

    /// <summary>Lets what was written arrive, for a while, as closing a connection takes back what has not; then closes, whatever the other side does.</summary>
    private static async Task CloseAsync(QuicConnection connection, QuicStream? stream, long code)
    {
        try
        {
            if (stream is not null && code == ControlOverQuic.Done)
            {
                stream.CompleteWrites();
                await stream.WritesClosed.WaitAsync(ServiceLimits.CloseTime);
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or OperationCanceledException or TimeoutException)
        {
            // The other side was faster, or is gone.
        }

        try
        {
            await connection.CloseAsync(code);
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // As above.
        }

        if (stream is not null)
            await stream.DisposeAsync();
        await connection.DisposeAsync();
    }
}
