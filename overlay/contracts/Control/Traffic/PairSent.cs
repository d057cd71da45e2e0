using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Traffic;

/// <summary>What an edge did with Realtime packets for another node.</summary>
/// <param name="Peer">The other node.</param>
/// <param name="Offered">Packets that applications gave.</param>
/// <param name="Sent">Those that left.</param>
/// <param name="Delay">From Send to arrival, the mean of late, as the other node tells it; zero where that is not known.</param>
public readonly record struct PairSent(NodeId Peer, long Offered, long Sent, Duration Delay)
{
    private const int Values = 4;

    internal static bool TryRead(ref MessagePackReader reader, out PairSent pair)
    {
        pair = default;
        if (!reader.TryReadArrayHeader(out var count) || count < Values
            || !ControlFormat.TryReadNode(ref reader, out var peer) || !NodeTrafficMessage.TryReadAmount(ref reader, out var offered)
            || !NodeTrafficMessage.TryReadAmount(ref reader, out var sent) || !reader.TryReadUInt32(out var delay))
            return false;
        pair = new(peer, offered, sent, Duration.FromMicroseconds(delay));
        return reader.TrySkip(count - Values);
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Values);
        writer.WriteInteger((ulong)Peer.Value);
        writer.WriteInteger(NodeTrafficMessage.Fit(Offered));
        writer.WriteInteger(NodeTrafficMessage.Fit(Sent));
        writer.WriteInteger((ulong)Math.Clamp(Delay.Microseconds, 0, uint.MaxValue));
    }
}
