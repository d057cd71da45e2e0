using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Traffic;

/// <summary>What an edge got of Realtime packets from another node, each once.</summary>
/// <param name="Peer">The other node.</param>
/// <param name="Expected">Packets that it had offered, as far as the numbers of those that came show.</param>
/// <param name="InTime">Packets that came before their deadline.</param>
/// <param name="Late">Those that came after it.</param>
/// <param name="Delivered">Those that applications took before it.</param>
public readonly record struct PairReceived(NodeId Peer, long Expected, long InTime, long Late, long Delivered)
{
    private const int Values = 5;

    internal static bool TryRead(ref MessagePackReader reader, out PairReceived pair)
    {
        pair = default;
        if (!reader.TryReadArrayHeader(out var count) || count < Values
            || !ControlFormat.TryReadNode(ref reader, out var peer) || !NodeTrafficMessage.TryReadAmount(ref reader, out var expected)
            || !NodeTrafficMessage.TryReadAmount(ref reader, out var inTime)
            || !NodeTrafficMessage.TryReadAmount(ref reader, out var late) || !NodeTrafficMessage.TryReadAmount(ref reader, out var delivered))
            return false;
        pair = new(peer, expected, inTime, late, delivered);
        return reader.TrySkip(count - Values);
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Values);
        writer.WriteInteger((ulong)Peer.Value);
        writer.WriteInteger(NodeTrafficMessage.Fit(Expected));
        writer.WriteInteger(NodeTrafficMessage.Fit(InTime));
        writer.WriteInteger(NodeTrafficMessage.Fit(Late));
        writer.WriteInteger(NodeTrafficMessage.Fit(Delivered));
    }
}
