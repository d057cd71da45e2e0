using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>
/// Sends what dead links held another way, as if it had just come, but on the hop that it had begun: its hop budget is not
/// charged twice. What the dead link's peer had received after all arrives twice; the transport takes it once. Each
/// packet goes once into another link or is dropped and counted, so a burst ends, and a full queue takes no more of it. Of what had been sent over
/// two ways the other copy is under way: it would stand in the way of those that are not.
/// </summary>
internal sealed class Salvage(NodeShared shared, Forwarder forwarder, MulticastForwarder multicast, Neighbours neighbours)
{
    /// <summary>Deals with all that links have left behind since the last time.</summary>
    public void Run(MonoTime now)
    {
        while (shared.Stranded.Take() is { } packet)
        {
            if (packet.HasTwin)
            {
                shared.Pool.Return(packet);
                continue;
            }

            shared.Paths.Salvaged++;
            if (packet.Deadline < now)
                neighbours.Drop(packet, DropReason.Expired);
            else if (PathHeader.KindOf(packet.Packet) == PathHeader.MulticastKind)
                multicast.Resume(now, packet);
            else
                forwarder.Resume(now, packet);
        }
    }
}
