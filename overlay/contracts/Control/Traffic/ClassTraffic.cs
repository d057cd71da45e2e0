using WeCan.Contracts.MessagePack;

namespace WeCan.Contracts.Control.Traffic;

/// <summary>Path packets of one class that a node's links brought, that were given to them, and, among the latter, those of others that it sent on.</summary>
public readonly record struct ClassTraffic(long PacketsIn, long BytesIn, long PacketsOut, long BytesOut, long PacketsForwarded, long BytesForwarded)
{
    private const int Values = 6;

    public static ClassTraffic operator -(ClassTraffic now, ClassTraffic before) => new(
        now.PacketsIn - before.PacketsIn, now.BytesIn - before.BytesIn, now.PacketsOut - before.PacketsOut,
        now.BytesOut - before.BytesOut, now.PacketsForwarded - before.PacketsForwarded, now.BytesForwarded - before.BytesForwarded);

    /// <summary>Reads an array of the six; what follows in it is skipped.</summary>
    internal static bool TryRead(ref MessagePackReader reader, out ClassTraffic traffic)
    {
        traffic = default;
        if (!reader.TryReadArrayHeader(out var count) || count < Values
            || !NodeTrafficMessage.TryReadAmount(ref reader, out var packetsIn) || !NodeTrafficMessage.TryReadAmount(ref reader, out var bytesIn)
            || !NodeTrafficMessage.TryReadAmount(ref reader, out var packetsOut) || !NodeTrafficMessage.TryReadAmount(ref reader, out var bytesOut)
            || !NodeTrafficMessage.TryReadAmount(ref reader, out var packetsForwarded) || !NodeTrafficMessage.TryReadAmount(ref reader, out var bytesForwarded))
            return false;
        traffic = new(packetsIn, bytesIn, packetsOut, bytesOut, packetsForwarded, bytesForwarded);
        return reader.TrySkip(count - Values);
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Values);
        foreach (var value in (ReadOnlySpan<long>)[PacketsIn, BytesIn, PacketsOut, BytesOut, PacketsForwarded, BytesForwarded])
            writer.WriteInteger(NodeTrafficMessage.Fit(value));
    }
}
