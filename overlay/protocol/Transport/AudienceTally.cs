using System.Numerics;
using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Counts what a Realtime flow to many offers and sends, and tells it to the tallies of its destinations: before any comes or goes, and while the flow goes on
/// after so many packets or so long. So a packet costs the same for a thousand destinations as for one, and no moment has to look at all flows.
/// </summary>
internal sealed class AudienceTally(Peers peers, MulticastEdges edges)
{
    private long _offered;
    private long _sent;
    private MonoTime? _since;

    /// <summary>A packet has left the queue.</summary>
    public void Add(bool isSent)
    {
        _offered++;
        _sent += isSent ? 1 : 0;
    }

    public void TellIfDue(MonoTime now, EdgeSet audience)
    {
        _since ??= now;
        if (_offered < MulticastLimits.TallyPackets && now - _since < MulticastLimits.TallyInterval)
            return;
        Tell(audience);
        _since = now;
    }

    /// <summary>What was counted so far was for these destinations.</summary>
    public void Tell(EdgeSet audience)
    {
        if (_offered == 0)
            return;
        for (var place = 0; place < audience.SetCount; place++)
        {
            var first = audience.SetNumber(place) * 256;
            var bits = audience.Bits(place);
            for (var word = 0; word < bits.Length; word++)
            {
                for (var left = bits[word]; left != 0; left &= left - 1)
                    Add(edges[first + (word * 64) + BitOperations.TrailingZeroCount(left)]);
            }
        }

        (_offered, _sent) = (0, 0);
    }

    private void Add(NodeId node)
    {
        if (node.IsNone)
            return;
        var tally = peers.Get(node).Realtime;
        tally.Offered += _offered;
        tally.Sent += _sent;
    }
}
