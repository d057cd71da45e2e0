using System.Net.Quic;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WeCan.Controller.Admin;
using WeCan.Controller.Authority;
using WeCan.Controller.Core;
using WeCan.Controller.History;
using WeCan.Controller.Inspection;
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
    private HistoryDesk? _history;
    private InspectionSocket? _operators;
    private Leadership? _leadership;
    private Task _leading = Task.CompletedTask;
    private InspectionServer? _inspection;
    private ControllerServer? _server;
    private IAsyncDisposable? _quic;
    private Task _running = Task.CompletedTask;

    private ControllerService()
    {
    }

    public LoopStatus Status => _loop!.Status;

    /// <summary>Why it changes nothing now; empty where it does.</summary>
    public string Trouble => _loop!.Trouble;

    public LoopStatistics Statistics => _loop!.Statistics;

    /// <summary>What became of the history; nothing where none is kept.</summary>
    public HistoryCounters History => _history?.Counters ?? new();

    public System.Net.IPEndPoint Address => _server!.Address;

    /// <summary>Where the inspection API is served over TLS; null where it is not.</summary>
    public System.Net.IPEndPoint? InspectionAddress => _inspection?.Address;

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
        if (_inspection is not null)
            await _inspection.DisposeAsync();
        if (_operators is not null)
            await _operators.DisposeAsync();
        await _loopEnds.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _leading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _loop?.Dispose();
        _leadership?.Release();
        for (var i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
        _connections.Dispose();
        _loopEnds.Dispose();

        // Last, as the network needs none of it: another controller need not wait for a slow disk.
        if (_history is not null)
            await _history.DisposeAsync();
    }

    private async Task StartPartsAsync(ControllerSettings settings, TimeProvider time, ILoggerFactory loggers, LoopPulse? pulse, Action<Exception> failed, CancellationToken cancellation)
    {
        var log = loggers.CreateLogger("wecan-controller");
        var folder = new DataFolder(settings.Data);
        folder.RequireNetwork();
        var authority = Owned(NetworkAuthority.Open(folder, time));
        _history = HistoryDesk.Open(folder.History, settings.HistoryBytes, log);
        var options = new ControllerOptions { Name = settings.Id, Controllers = settings.Controllers, Authorities = authority.Trusted, History = _history?.Recorder };
        var office = new AuthorityOffice(authority, time).ToOffice();
        _loop = folder.IsShared ? Shared(folder, options, office, new OtherControllers(settings.Id, settings.Controllers, authority.Verifier(time)), time, log) : Single(folder, options, office, time, log);
        _running = RunAsync(() => _loop.RunAsync(pulse, _loopEnds.Token), failed);
        var nodes = new NodeEndpoints(_loop, authority, settings.Id, settings.Controllers, time, log, _connections.Token);
        var facts = new InspectionFacts(settings.Id, typeof(ControllerService).Assembly.GetName().Version!.ToString(3), time.GetUtcNow(), new(authority.Signing.Certificate.NotAfter.ToUniversalTime()), time);
        var desk = new InspectionDesk(_loop, new AdminDesk(_loop, authority, log), facts, log, _history?.Reader);
        if (_history is not null)
            _history.Closed = desk.Take;
        _operators = await InspectionSocket.StartAsync(folder.AdminSocket, desk.Endpoints(), loggers, cancellation);
        await StartInspectionAsync(settings.Api, authority, desk, loggers, log, cancellation);
        _server = await ControllerServer.StartAsync(settings.Listen, nodes, loggers, cancellation);
        await StartQuicAsync(settings, nodes, log, cancellation);
        if (_leadership is not null)
            _leading = RunAsync(() => _leadership.RunAsync(_loopEnds.Token), failed);
        var (network, count, version) = await _loop.Do((core, _) => (core.Network, core.Members.Count, core.History.Version), cancellation);
        if (folder.IsShared)
            ServiceLog.SharedServing(log, network.Name, network.Id.ToString(), StoreAccess.DoorOf(folder).Name, authority.SigningText);
        else
            ServiceLog.Serving(log, network.Name, network.Id.ToString(), count, version.ToString(), authority.SigningText);
        if (authority.IsRotating)
            ServiceLog.Rotating(log, authority.OutgoingText);
        if (authority.Signing.Certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime < ServiceLimits.AuthorityEndsSoon)
            ServiceLog.AuthorityEnds(log, authority.Signing.Certificate.NotAfter.ToUniversalTime());
    }

    /// <summary>The store is this controller's alone, and so it leads.</summary>
    private static ControllerLoop Single(DataFolder folder, ControllerOptions options, CertificateOffice office, TimeProvider time, ILogger log)
    {
        var store = SqliteStore.Open(folder.Store);
        try
        {
            var state = store.Load();
            if (state.Network is null)
                throw new StoreException($"The store {folder.Store} holds no network: put a backup in its place.");
            return new(state, new(LoopMode.Leads, null, "", store), options, office, time, log);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The store is shared: this controller stands by until it is its turn.</summary>
    private ControllerLoop Shared(DataFolder folder, ControllerOptions options, CertificateOffice office, OtherControllers others, TimeProvider time, ILogger log)
    {
        var door = StoreAccess.DoorOf(folder);
        using var store = new PostgresStore(door, 0);
        var starts = new LoopTurn(LoopMode.StandsBy, null, $"Controller {options.Name} starts, and does not lead yet: ask another one", null);
        var loop = new ControllerLoop(new() { Network = store.LoadNetwork() }, starts, options, office, time, log);
        _leadership = new(door, Owned(new PostgresLease(door, options.Name, ServiceLimits.LeaseLife)), loop, others.LeaderAsync, options.Name, time, log);
        return loop;
    }

    private async Task StartInspectionAsync(ApiSettings settings, NetworkAuthority authority, InspectionDesk desk, ILoggerFactory loggers, ILogger log, CancellationToken cancellation)
    {
        if (settings.Listen is null)
            return;
        _inspection = await InspectionServer.StartAsync(settings, authority.Own, desk, new(_loop!), loggers, cancellation);
        ServiceLog.InspectionAt(log, _inspection.Address.ToString());
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

    private static async Task RunAsync(Func<Task> work, Action<Exception> failed)
    {
        try
        {
            await Task.Run(work);
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
