using Microsoft.Extensions.Logging;
using WeCan.Contracts.Control.Access;
using WeCan.Contracts.Control.Sessions;
using WeCan.Runtime.Control;
using WeCan.Runtime.Following;

namespace WeCan.Runtime.Access;

/// <summary>
/// Brings what the controller says of the access to the bus to who lets clients in, and to the disk; what the disk has counts from the start, with or
/// without a controller. Only when it is on the disk is the controller told that this node has it. Under the client's lock.
/// </summary>
public sealed class AccessFollower
{
    /// <summary>The whole is written each time, so not more often than this, however fast changes come. What is revoked counts at once.</summary>
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(1);

    private readonly AccessReplica _replica = new();
    private readonly Action<OverlayDriver, AccessReplica, string> _take;
    private readonly Func<string> _region;
    private readonly DiskKeeper<AccessVersion> _disk;
    private OverlayDriver? _driver;
    private (AccessVersion Version, string Region) _told = (AccessVersion.None, "");

    /// <param name="take">Told of each change, at the start of what the disk has; whatever thread it is on, it waits for nothing.</param>
    /// <param name="region">This node's, as the membership has it; empty while that is not known.</param>
    /// <param name="folder">Where it is kept.</param>
    /// <param name="time">For the interval of writes.</param>
    /// <param name="log">Told of the disk's troubles.</param>
    public AccessFollower(Action<OverlayDriver, AccessReplica, string> take, Func<string> region, NodeFolder folder, TimeProvider time, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(folder);
        (_take, _region) = (take, region);
        AccessFile.Load(folder.AccessFile, _replica, log);
        _disk = new(_replica.Version, WriteInterval, () => AccessFile.Save(folder.AccessFile, _replica), why => AccessLog.NotKept(log, why), () => AccessLog.KeptAgain(log), time);
    }

    public void Start(OverlayDriver driver, ControlClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _driver = driver;
        client.Access = _replica;
        client.Welcomed += session => session.Stored(_disk.Stored);
        client.Received += Follow;
        client.Ticked += Follow;
        client.Say(_ => Tell());
    }

    private void Follow(NodeSession? session)
    {
        Tell();
        if (_disk.TryKeep(_replica.Version))
            session?.Stored(_disk.Stored);
    }

    private void Tell()
    {
        var now = (_replica.Version, _region());
        if (now == _told)
            return;
        _told = now;
        _take(_driver!, _replica, now.Item2);
    }
}
