using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Protocol.Nodes;

namespace WeCan.Runtime.Membership;

/// <summary>What of the membership the node has been told. On the loop's thread alone.</summary>
internal sealed class PeerBook(NodeId own, ILogger log)
{
    private readonly Dictionary<NodeId, Member> _told = [];

    public void Apply(Node node, MonoTime now, in PeerChange change)
    {
        var before = _told.GetValueOrDefault(change.Number);
        if (before?.Edge is { } left && left != change.Member?.Edge)
            node.TrySetEdgeIndex(left.Set, left.Bit, NodeId.None);
        if (before is not null && (change.Member is null || before.Key != change.Member.Key))
        {
            node.RemovePeer(now, change.Number);
            _told.Remove(change.Number);
            before = null;
        }

        if (change.Member is not { } member)
            return;
        if (before is null && member.Number != own && !node.TryAddPeer(now, member.Number, change.Key, member.Addresses.Count > 0 ? member.Addresses[0] : NetAddress.None))
        {
            MembershipLog.NotTaken(log, member.Number.Value, node.Options.MaxPeers);
            return;
        }

        if (member.Edge is { } edge && edge != before?.Edge && !node.TrySetEdgeIndex(edge.Set, edge.Bit, member.Number))
            MembershipLog.NoEdgeIndex(log, member.Number.Value, edge.Set);
        _told[member.Number] = member;
    }
}
