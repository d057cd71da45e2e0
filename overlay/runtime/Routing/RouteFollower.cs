using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Sessions;
using WeCan.Hosting.Daemon;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Control;

namespace WeCan.Runtime.Routing;

/// <summary>
/// Brings the routes that the replica holds to the node and to the disk, and what the node measures to the controller. To the
/// node in batches, one at a time; to the disk soon, and only then is the controller told that this node has them. Once a second the loop
/// says what routes want of each link, and measures all links; the session finds out what is news. Under the client's lock, but
/// for what runs on the loop.
/// </summary>
public sealed class RouteFollower
{
    private readonly RouteReplica _replica;
    private readonly NodeFolder _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RouteBook _book;
    private readonly LinkReporter _reporter = new();
    private ControlClient? _client;
    private OverlayDriver? _driver;
    private (NodeId Destination, DestinationRoutes Routes)[] _batch = [];
    private bool _isOnItsWay;
    private bool _isMeasuring;
    private RoutesVersion _stored;
    private long _storedAt;
    private bool _isDiskFailing;

    public RouteFollower(NodeId own, RouteReplica replica, NodeFolder folder, TimeProvider time, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(replica);
        (_replica, _folder, _time, _log) = (replica, folder, time, log);
        _book = new(own, log);
        _stored = replica.Version;
    }

    /// <summary>Begins: what the replica holds goes to the driver's node, and what comes over the client follows it.</summary>
    public void Start(OverlayDriver driver, ControlClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        (_driver, _client) = (driver, client);
        client.Welcomed += session => session.Stored(_stored);
        client.Received += session =>
        {
            Pump();
            Store(session);
        };
        client.Ticked += session =>
        {
            Pump();
            Store(session);
            _isMeasuring = _isMeasuring || _driver.Post(Measure) == PostResult.Accepted;
        };
        client.Say(_ => Pump());
    }

    /// <summary>Hands the next batch to the loop, if none is on its way. A loop that takes none now is asked again with the next tick.</summary>
    private void Pump()
    {
        if (_isOnItsWay)
            return;
        if (_batch.Length == 0)
            _batch = TakeBatch();
        if (_batch.Length > 0)
            _isOnItsWay = _driver!.Post(Apply) == PostResult.Accepted;
    }

    private (NodeId Destination, DestinationRoutes Routes)[] TakeBatch()
    {
        var batch = new List<(NodeId, DestinationRoutes)>();
        while (batch.Count < RouteLimits.DestinationsAtOnce && _replica.TryTakeChange(out var destination, out var routes))
            batch.Add((destination, routes));
        return [.. batch];
    }

    /// <summary>On the loop.</summary>
    private void Apply(Node node, MonoTime now)
    {
        foreach (var (destination, routes) in _batch)
            _book.Apply(node, routes, destination);
        _book.SayUses(node, now);
        OffTheLoop(_ =>
        {
            (_isOnItsWay, _batch) = (false, []);
            Pump();
        });
    }

    /// <summary>On the loop.</summary>
    private void Measure(Node node, MonoTime now)
    {
        _book.SayUses(node, now);
        var links = _reporter.Measure(node, now);
        OffTheLoop(session =>
        {
            _isMeasuring = false;
            session?.SetReports(now, links);
        });
    }

    /// <summary>Does something under the client's lock, for which the loop does not wait.</summary>
    private void OffTheLoop(Action<NodeSession?> say) => ThreadPool.UnsafeQueueUserWorkItem(state => state.Client.Say(state.Say), (Client: _client!, Say: say), preferLocal: false);

    private void Store(NodeSession? session)
    {
        if (_replica.Version == _stored || (_storedAt != 0 && _time.GetElapsedTime(_storedAt) < RouteLimits.WriteInterval))
            return;
        _storedAt = _time.GetTimestamp();
        try
        {
            RouteFile.Save(_folder.RoutesFile, _replica);
        }
        catch (DaemonException failure)
        {
            if (!_isDiskFailing)
                RouteLog.NotKept(_log, failure.Message);
            _isDiskFailing = true;
            return;
        }

        if (_isDiskFailing)
            RouteLog.KeptAgain(_log);
        _isDiskFailing = false;
        _stored = _replica.Version;
        session?.Stored(_stored);
    }
}
