using System.Numerics;

namespace WeCan.Controller.History.Points;

/// <summary>
/// How a weight spreads over whole numbers from zero up, in cells of which each is at most a thirty-second of its values wide, so that
/// a percentile is told to within a sixtieth. Spreads are added cell by cell, and what comes of it does not depend on the order or on
/// what was added first: where there would be more than <see cref="MaxCells"/> cells, each two neighbours become one, and how often that
/// has to happen is a property of all values together.
/// </summary>
internal sealed class Spread
{
    public const int MaxCells = 96;

    /// <summary>The cell of the greatest number.</summary>
    public const int LastCell = 1_887;

    private const int Fineness = 5;

    private int[] _cells = [];
    private long[] _weights = [];

    /// <summary>How often neighbours became one.</summary>
    public int Coarseness { get; private set; }

    public int Count { get; private set; }

    public (int Cell, long Weight) this[int place] => (_cells[place], _weights[place]);

    /// <summary>The finest cell of a value.</summary>
    public static int CellOf(long value)
    {
        if (value < 2 << Fineness)
            return (int)Math.Max(value, 0);
        var scale = BitOperations.Log2((ulong)value) - Fineness;
        return (scale << Fineness) + (int)(value >> scale);
    }

    public void Add(long value, long weight)
    {
        if (weight <= 0)
            return;
        Put(CellOf(value) >> Coarseness, weight);
        Fit();
    }

    public void Add(Spread other)
    {
        ArgumentNullException.ThrowIfNull(other);
        while (Coarseness < other.Coarseness)
            Coarsen();
        for (var i = 0; i < other.Count; i++)
            Put(other._cells[i] >> (Coarseness - other.Coarseness), other._weights[i]);
        Fit();
    }

    /// <summary>Takes over one cell as it was written, above those that are there. False where it is not above them.</summary>
    public bool TryAppend(int cell, long weight)
    {
        if (weight <= 0 || Count == MaxCells || cell > LastCell >> Coarseness || (Count > 0 && cell <= _cells[Count - 1]))
            return false;
        Put(cell, weight);
        return true;
    }

    /// <summary>An empty spread as coarse as one that was written.</summary>
    public static Spread OfCoarseness(int coarseness) => new() { Coarseness = coarseness };

    /// <summary>The middle of the cell below or in which this share of the weight lies.</summary>
    public long Quantile(double share)
    {
        var whole = 0.0;
        for (var i = 0; i < Count; i++)
            whole += _weights[i];
        var below = 0.0;
        for (var i = 0; i < Count; i++)
        {
            below += _weights[i];
            if (below >= share * whole)
                return MiddleOf(_cells[i]);
        }

        return 0;
    }

    private static long LeastOf(int cell)
    {
        if (cell < 2 << Fineness)
            return cell;
        var scale = (cell >> Fineness) - 1;
        var least = (long)((cell & ((1 << Fineness) - 1)) + (1 << Fineness)) << scale;
        return cell > LastCell ? long.MaxValue : least;
    }

    private long MiddleOf(int cell)
    {
        var least = LeastOf(cell << Coarseness);
        return least + ((LeastOf((cell + 1) << Coarseness) - 1 - least) / 2);
    }

    private void Put(int cell, long weight)
    {
        var place = Array.BinarySearch(_cells, 0, Count, cell);
        if (place >= 0)
        {
            _weights[place] = Tally.Sum(_weights[place], weight);
            return;
        }

        place = ~place;
        if (Count == _cells.Length)
        {
            Array.Resize(ref _cells, Math.Max(4, Count * 2));
            Array.Resize(ref _weights, _cells.Length);
        }

        Array.Copy(_cells, place, _cells, place + 1, Count - place);
        Array.Copy(_weights, place, _weights, place + 1, Count - place);
        (_cells[place], _weights[place]) = (cell, weight);
        Count++;
    }

    private void Fit()
    {
        while (Count > MaxCells)
            Coarsen();
    }

    private void Coarsen()
    {
        Coarseness++;
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            var (cell, weight) = (_cells[i] >> 1, _weights[i]);
            if (kept > 0 && _cells[kept - 1] == cell)
                _weights[kept - 1] = Tally.Sum(_weights[kept - 1], weight);
            else
                (_cells[kept], _weights[kept++]) = (cell, weight);
        }

        Count = kept;
    }
}
