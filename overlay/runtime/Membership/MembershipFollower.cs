using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Sessions;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Control;
using WeCan.Runtime.Following;

namespace WeCan.Runtime.Membership;

/// <summary>
/// Brings what the replica holds to the node and to the disk; only then is the controller told that this node has it. Once a
/// second the replica counts anew who counts, so that members whose end has passed fall out with every controller down. Under the
/// client's lock, but for what the loop applies.
/// </summary>
public sealed class MembershipFollower
{
    private readonly MembershipReplica _replica;
    private readonly NodeClock _clock;
    private readonly PeerBook _peers;
    private readonly LoopBatches<PeerChange> _batches;
    private readonly DiskKeeper<MembershipVersion> _disk;

    public MembershipFollower(NodeId own, MembershipReplica replica, NodeFolder folder, NodeClock clock, TimeProvider time, ILogger log, PeerNames names)
    {
        ArgumentNullException.ThrowIfNull(replica);
        (_replica, _clock) = (replica, clock);
        _peers = new(own, log, names);
        _batches = new(TakeBatch, Apply);
        _disk = new(replica.Version, MembershipLimits.WriteInterval, () => folder.Save(replica), why => MembershipLog.NotKept(log, why), () => MembershipLog.KeptAgain(log), time);
    }

    /// <summary>Begins: what the replica holds goes to the driver's node, and what comes over the client follows it.</summary>
    public void Start(OverlayDriver driver, ControlClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        client.Welcomed += session => session.Stored(_disk.Stored);
        client.Received += Follow;
        client.Ticked += session =>
        {
            _replica.Refresh(_clock.UnixNow);
            Follow(session);
        };
        _batches.Start(driver, client);
    }

    private void Follow(NodeSession? session)
    {
        _batches.Pump();
        if (_disk.TryKeep(_replica.Version))
            session?.Stored(_disk.Stored);
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

    private void Apply(Node node, MonoTime now, PeerChange[] batch)
    {
        foreach (var change in batch)
            _peers.Apply(node, now, change);
    }
}
