using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Sessions;
using WeCan.Hosting.Daemon;
using WeCan.Protocol.Crypto;
using WeCan.Runtime.Control;

namespace WeCan.Runtime.Membership;

/// <summary>
/// Brings what the replica holds to the node and to the disk. To the node in batches, one at a time, so that thousands of
/// changes hold no packet up for long; what changes twice meanwhile is told once. To the disk soon, and only then is the
/// controller told that this node has it. Once a second the replica counts anew who counts, so that members whose end has
/// passed fall out with every controller down. Under the client's lock, but for the batch itself.
/// </summary>
public sealed class MembershipFollower
{
    private readonly MembershipReplica _replica;
    private readonly NodeFolder _folder;
    private readonly NodeClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly PeerBook _peers;
    private ControlClient? _client;
    private OverlayDriver? _driver;
    private PeerChange[] _batch = [];
    private bool _isOnItsWay;
    private MembershipVersion _stored;
    private long _storedAt;
    private bool _isDiskFailing;

    public MembershipFollower(NodeId own, MembershipReplica replica, NodeFolder folder, NodeClock clock, TimeProvider time, ILogger log)
    {
        (_replica, _folder, _clock, _time, _log) = (replica, folder, clock, time, log);
        _peers = new(own, log);
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
            _replica.Refresh(_clock.UnixNow);
            Pump();
            Store(session);
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

    private PeerChange[] TakeBatch()
    {
        var batch = new List<PeerChange>();
        while (batch.Count < MembershipLimits.MembersAtOnce && _replica.TryTakeChange(out var number, out var member))
        {
            P256PublicKey key = default;
            if (member is not null && !P256PublicKey.TryRead(member.Key.ToArray(), out key))
                member = null;
            batch.Add(new(number, member, key));
        }

        return [.. batch];
    }

    /// <summary>On the loop.</summary>
    private void Apply(Protocol.Nodes.Node node, MonoTime now)
    {
        foreach (var change in _batch)
            _peers.Apply(node, now, change);
        ThreadPool.UnsafeQueueUserWorkItem(
            follower => follower._client!.Say(_ =>
            {
                (follower._isOnItsWay, follower._batch) = (false, []);
                follower.Pump();
            }),
            this,
            preferLocal: false);
    }

    private void Store(NodeSession? session)
    {
        if (_replica.Version == _stored || (_storedAt != 0 && _time.GetElapsedTime(_storedAt) < MembershipLimits.WriteInterval))
            return;
        _storedAt = _time.GetTimestamp();
        try
        {
            _folder.Save(_replica);
        }
        catch (DaemonException failure)
        {
            if (!_isDiskFailing)
                MembershipLog.NotKept(_log, failure.Message);
            _isDiskFailing = true;
            return;
        }

        if (_isDiskFailing)
            MembershipLog.KeptAgain(_log);
        _isDiskFailing = false;
        _stored = _replica.Version;
        session?.Stored(_stored);
    }
}
