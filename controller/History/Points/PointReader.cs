using System.Diagnostics.CodeAnalysis;

namespace WeCan.Controller.History.Points;

/// <summary>Reads what <see cref="PointWriter"/> writes. A file can hold anything: what is no point is refused, and takes no more memory than a point.</summary>
internal ref struct PointReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxCoarseness = 11;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The point that the bytes are, all of them.</summary>
    public bool TryRead(SeriesKind kind, [NotNullWhen(true)] out HistoryPoint? point)
    {
        point = null;
        var read = new HistoryPoint(kind);
        var before = 0L;
        for (var i = 0; i < read.Count; i++)
        {
            if (!TryReadTally(read[i], ref before))
                return false;
        }

        point = _rest.IsEmpty ? read : null;
        return point is not null;
    }

    private bool TryReadTally(Tally tally, ref long before)
    {
        long total;
        if (tally.Kind == TallyKind.Total)
        {
            if (!TryReadNumber(out total))
                return false;
            tally.Restore(0, total, 0, 0, null);
            return true;
        }

        if (!TryReadBits(out var change))
            return false;
        before = unchecked(before + ((long)(change >> 1) ^ -(long)(change & 1)));
        if (before <= 0)
            return before == 0;
        if (!TryReadNumber(out total) || !TryReadNumber(out var least) || !TryReadNumber(out var more) || more > long.MaxValue - least)
            return false;
        Spread? spread = null;
        if (tally.Kind == TallyKind.Spread && !TryReadSpread(out spread))
            return false;
        tally.Restore(before, total, least, least + more, spread);
        return true;
    }

    private bool TryReadSpread([NotNullWhen(true)] out Spread? spread)
    {
        spread = null;
        if (!TryReadNumber(out var coarseness) || coarseness > MaxCoarseness || !TryReadNumber(out var count) || count is 0 or > Spread.MaxCells)
            return false;
        var read = Spread.OfCoarseness((int)coarseness);
        var cell = 0L;
        for (var i = 0; i < count; i++)
        {
            if (!TryReadNumber(out var step) || step > Spread.LastCell || !TryReadNumber(out var weight))
                return false;
            cell += step;
            if (!read.TryAppend((int)cell, weight))
                return false;
        }

        spread = read;
        return true;
    }

    private bool TryReadNumber(out long value)
    {
        var isRead = TryReadBits(out var bits) && bits <= long.MaxValue;
        value = isRead ? (long)bits : 0;
        return isRead;
    }

    private bool TryReadBits(out ulong value)
    {
        value = 0;
        for (var i = 0; i < _rest.Length && i < 10; i++)
        {
            var part = _rest[i];
            if (i == 9 && part > 1)
                return false;
            value |= (ulong)(part & 0x7f) << (7 * i);
            if (part >= 0x80)
                continue;
            _rest = _rest[(i + 1)..];
            return true;
        }

        return false;
    }
}
