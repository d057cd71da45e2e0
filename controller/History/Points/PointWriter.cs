using System.Buffers;

namespace WeCan.Controller.History.Points;

/// <summary>
/// Writes a point. All numbers are not negative, and written seven bits at a time, the lowest first, with the eighth set where more follow:
/// <code>
/// of a total:    sum
/// of a level:    weight less the weight of the one before, zigzag; and where the weight is not zero: sum, least, greatest less least
/// of a spread:   the same, and where the weight is not zero: coarseness, cells, and of each cell: its number less the one before, weight
/// </code>
/// </summary>
internal static class PointWriter
{
    public static void Write(HistoryPoint point, ArrayBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(output);
        var before = 0L;
        for (var i = 0; i < point.Count; i++)
        {
            var tally = point[i];
            if (tally.Kind == TallyKind.Total)
            {
                Write(output, (ulong)tally.Total);
                continue;
            }

            var change = tally.Count - before;
            before = tally.Count;
            Write(output, (ulong)((change << 1) ^ (change >> 63)));
            if (tally.Count > 0)
                WriteValues(tally, output);
        }
    }

    private static void WriteValues(Tally tally, ArrayBufferWriter<byte> output)
    {
        Write(output, (ulong)tally.Total);
        Write(output, (ulong)tally.Least);
        Write(output, (ulong)(tally.Greatest - tally.Least));
        if (tally.Spread is not { } spread)
            return;
        Write(output, (ulong)spread.Coarseness);
        Write(output, (ulong)spread.Count);
        var before = 0;
        for (var i = 0; i < spread.Count; i++)
        {
            var (cell, weight) = spread[i];
            Write(output, (ulong)(cell - before));
            Write(output, (ulong)weight);
            before = cell;
        }
    }

    private static void Write(ArrayBufferWriter<byte> output, ulong value)
    {
        var span = output.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        output.Advance(length);
    }
}
