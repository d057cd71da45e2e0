using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Sessions;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Control;
using WeCan.Runtime.Following;
using WeCan.Runtime.Membership;
using WeCan.Runtime.Traffic;

namespace WeCan.Runtime.Routing;

/// <summary>
/// Brings the routes that the replica holds to the node and to the disk, and what the node measures to the controller. Only when they are
/// on the disk is the controller told that this node has them. Once a second the loop says what routes want of each link, and measures all
/// links; the session finds out what is news. Under the client's lock, but for what runs on the loop.
/// </summary>
public sealed class RouteFollower
{
    private readonly RouteReplica _replica;
    private readonly RouteBook _book;
    private readonly LinkReporter _reporter = new();
    private readonly TrafficReporter _traffic = new();
    private readonly LoopBatches<(RouteKey Key, DestinationRoutes Routes)> _batches;
    private readonly DiskKeeper<RoutesVersion> _disk;
    private ControlClient? _client;
    private OverlayDriver? _driver;
    private bool _isMeasuring;

    public RouteFollower(NodeId own, RouteReplica replica, NodeFolder folder, TimeProvider time, ILogger log, PeerNames names)
    {
        ArgumentNullException.ThrowIfNull(replica);
        ArgumentNullException.ThrowIfNull(folder);
        _replica = replica;
        _book = new(own, log, names);
        _batches = new(TakeBatch, Apply);
        _disk = new(replica.Version, RouteLimits.WriteInterval, () => RouteFile.Save(folder.RoutesFile, replica), why => RouteLog.NotKept(log, why), () => RouteLog.KeptAgain(log), time);
    }

    /// <summary>Begins: what the replica holds goes to the driver's node, and what comes over the client follows it.</summary>
    public void Start(OverlayDriver driver, ControlClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        (_driver, _client) = (driver, client);
        client.Welcomed += session => session.Stored(_disk.Stored);
        client.Received += Follow;
        client.Ticked += session =>
        {
            Follow(session);
            _isMeasuring = _isMeasuring || _driver.Post(Measure) == PostResult.Accepted;
        };
        _batches.Start(driver, client);
    }

    /// <summary>What routes want of the link to a neighbour; on the loop's thread.</summary>
    internal LinkUse UseOf(NodeId neighbour) => _book.UseOf(neighbour);

    private void Follow(NodeSession? session)
    {
        _batches.Pump();
        if (_disk.TryKeep(_replica.Version))
            session?.Stored(_disk.Stored);
    }

    private (RouteKey Key, DestinationRoutes Routes)[] TakeBatch()
    {
        var batch = new List<(RouteKey, DestinationRoutes)>();
        while (batch.Count < RouteLimits.DestinationsAtOnce && _replica.TryTakeChange(out var key, out var routes))
            batch.Add((key, routes));
        return [.. batch];
    }

    private void Apply(Node node, MonoTime now, (RouteKey Key, DestinationRoutes Routes)[] batch)
    {
        foreach (var (key, routes) in batch)
            _book.Apply(node, routes, key);
        _book.SayUses(node, now);
    }

    /// <summary>On the loop.</summary>
    private void Measure(Node node, MonoTime now)
    {
        _book.SayUses(node, now);
        var links = _reporter.Measure(node, now);
        var traffic = _traffic.Look(node, now);
        _client!.SayLater(session =>
        {
            _isMeasuring = false;
            session?.SetReports(now, links);
            _traffic.Tell(session, traffic);
        });
    }
}
