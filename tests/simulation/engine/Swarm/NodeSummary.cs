using System.Globalization;
using System.Text;
using WeCan.Protocol;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>A node's links, counters and drops in words.</summary>
internal static class NodeSummary
{
    public static string Of(string name, Node node)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{name}: {node.LinkCount} links, {node.PacketMemoryInUse} bytes of packets, {node.SendMemoryInUse} to send, {node.ReceiveMemoryInUse} received");
        foreach (var link in node.InspectLinks())
        {
            var did = link.Counters;
            text.AppendLine().Append(
                CultureInfo.InvariantCulture,
                $"  {link.Peer}: rtt {link.Rtt} min {link.MinRtt} bandwidth {link.Bandwidth} datagram {link.DatagramSize}; sent {did.DatagramsSent}, received {did.DatagramsReceived}, tracked {did.PacketsTracked}, lost {did.PacketsLost} ({did.SpuriousLosses} spurious), resent {did.SymbolsResent}, probe timeouts {did.ProbeTimeouts}");
        }

        var drops = Enum.GetValues<DropReason>().Where(reason => node.Drops[reason] > 0).Select(reason => $"{reason} {node.Drops[reason]}");
        var counters = node.TransportCounters;
        var transport = Enum.GetValues<TransportDrop>().Where(drop => counters.Drops(drop) > 0).Select(drop => $"{drop} {counters.Drops(drop)}");
        text.AppendLine().Append(
            CultureInfo.InvariantCulture,
            $"  drops: {string.Join(", ", drops)}; transport: sent {counters.SegmentsSent}, again {counters.SegmentsRetransmitted}, timeouts {counters.RetransmissionTimeouts}, cuts {counters.WindowCuts}, confirms {counters.ConfirmsSent}, {string.Join(", ", transport)}");
        return text.ToString();
    }
}
