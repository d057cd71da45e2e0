using System.Net.Quic;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Local;
using WeCan.Hosting.Metrics;

namespace WeCan.Controller.Service;

/// <summary>A running controller: the authority and the store opened, the loop turning, the listeners up. Ended in the opposite order.</summary>
internal sealed class ControllerService : IAsyncDisposable
{
    private readonly CancellationTokenSource _connections = new();
    private readonly CancellationTokenSource _loopEnds = new();
    private readonly List<IDisposable> _owned = [];
    private ControllerLoop? _loop;
    private LocalServer? _operators;
    private ControllerServer? _server;
    private IAsyncDisposable? _quic;
    private Task _running = Task.CompletedTask;

    private ControllerService()
    {
    }

    public LoopStatus Status => _loop!.Status;

    public LoopStatistics Statistics => _loop!.Statistics;

    public System.Net.IPEndPoint Address => _server!.Address;

    public static async Task<ControllerService> StartAsync(ControllerSettings settings, TimeProvider time, ILoggerFactory loggers, LoopPulse? pulse, Action<Exception> failed, CancellationToken cancellation)
    {
        var service = new ControllerService();
        try
        {
            await service.StartPartsAsync(settings, time, loggers, pulse, failed, cancellation);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says goodbye to every node, and waits until all of them are gone.</summary>
    public Task DrainAsync(CancellationToken cancellation) => _loop!.StopAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _connections.CancelAsync();
        if (_quic is not null)
            await _quic.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_operators is not null)
            await _operators.DisposeAsync();
        await _loopEnds.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (var i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
        _connections.Dispose();
        _loopEnds.Dispose();
    }

    private async Task StartPartsAsync(ControllerSettings settings, TimeProvider time, ILoggerFactory loggers, LoopPulse? pulse, Action<Exception> failed, CancellationToken cancellation)
    {
        var log = loggers.CreateLogger("wecan-controller");
        var folder = new DataFolder(settings.Data);
        folder.RequireNetwork();
        var store = Owned(SqliteStore.Open(folder.Store));
        var authority = Owned(NetworkAuthority.Open(folder, time));
        var network = store.Load().Network ?? throw new StoreException($"The store {folder.Store} holds no network: put a backup in its place.");
        _loop = ControllerLoop.Leading(store, new() { Name = settings.Id, Controllers = settings.Controllers, Authorities = authority.Trusted }, new AuthorityOffice(authority, time).ToOffice(), time, log);
        _running = RunAsync(pulse, failed);
        var nodes = new NodeEndpoints(_loop, authority, settings.Controllers, time, log, _connections.Token);
        _operators = await LocalServer.StartAsync(folder.AdminSocket, isForGroup: false, new AdminDesk(_loop, authority, log).Endpoints(), loggers, cancellation);
        _server = await ControllerServer.StartAsync(settings.Listen, nodes, loggers, cancellation);
        await StartQuicAsync(settings, nodes, log, cancellation);
        var (count, version) = await _loop.Do((core, _) => (core.Members.Count, core.History.Version), cancellation);
        ServiceLog.Serving(log, network.Name, network.Id.ToString(), count, version.ToString(), authority.SigningText);
        if (authority.IsRotating)
            ServiceLog.Rotating(log, authority.OutgoingText);
        if (authority.Signing.Certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime < ServiceLimits.AuthorityEndsSoon)
            ServiceLog.AuthorityEnds(log, authority.Signing.Certificate.NotAfter.ToUniversalTime());
    }

    /// <summary>QUIC beside the WebSocket, on the same number of port. A controller without it serves all the same, and says so.</summary>
    private async Task StartQuicAsync(ControllerSettings settings, NodeEndpoints nodes, ILogger log, CancellationToken cancellation)
    {
        if (!settings.Quic)
        {
            ServiceLog.QuicOff(log, "the configuration says \"quic\": false");
            return;
        }

        if (!QuicListener.IsSupported)
        {
            ServiceLog.QuicOff(log, "this machine has no libmsquic of version 2 for QUIC");
            return;
        }

        try
        {
            _quic = await QuicControlListener.StartAsync(Address, nodes, log, cancellation);
            ServiceLog.QuicOn(log, Address.Port);
        }
        catch (Exception failure) when (failure is SocketException or QuicException)
        {
            ServiceLog.QuicFailed(log, failure is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
                ? $"UDP port {Address.Port} is in use by another program, so stop that program and start again, or set \"quic\": false"
                : $"UDP port {Address.Port} cannot be listened on ({failure.Message})");
        }
    }

    private async Task RunAsync(LoopPulse? pulse, Action<Exception> failed)
    {
        try
        {
            await Task.Run(() => _loop!.RunAsync(pulse, _loopEnds.Token));
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
        catch (Exception failure)
        {
            failed(failure);
        }
    }

    private T Owned<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }
}
