using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Protocol.Nodes;

namespace WeCan.Runtime.Membership;

/// <summary>What of the membership the node has been told. On the loop's thread alone.</summary>
internal sealed class PeerBook(NodeId own, ILogger log, PeerNames names)
{
    private readonly Dictionary<NodeId, Member> _told = [];

    public void Apply(Node node, MonoTime now, in PeerChange change)
    {
        var before = _told.GetValueOrDefault(change.Number);
        if (before?.Edge is { } left && left != change.Member?.Edge)
            node.TrySetEdgeIndex(left.Set, left.Bit, NodeId.None);

        // Another key may be another node that got the number of one that is gone: no link of the former's may stand.
        if (before is not null && (change.Member is null || before.Key != change.Member.Key))
        {
            node.RemovePeer(now, change.Number);
            _told.Remove(change.Number);
            before = null;
        }

        if (change.Member is not { } member)
            return;
        names.Set(member.Number, member.Name);
        if (member.Number != own && !TryTell(node, now, change, before))
        {
            MembershipLog.NotTaken(log, names.Of(member.Number), node.Options.MaxPeers);
            return;
        }

        if (member.Edge is { } edge && edge != before?.Edge && !node.TrySetEdgeIndex(edge.Set, edge.Bit, member.Number))
            MembershipLog.NoEdgeIndex(log, names.Of(member.Number), edge.Set);
        _told[member.Number] = member;
    }

    private static bool TryTell(Node node, MonoTime now, in PeerChange change, Member? before)
    {
        var addresses = change.Member!.Addresses;
        if (before is null)
            return node.TryAddPeer(now, change.Number, change.Key, [.. addresses]);
        return before.Addresses.SequenceEqual(addresses) || node.TryChangePeer(now, change.Number, change.Key, [.. addresses]);
    }
}
