using WeCan.Protocol.Coding;

namespace WeCan.Protocol.Repair;

/// <summary>
/// Whether repairs that have arrived give as many symbols as they should. Repairs over the same symbols always do; of
/// those over different ones, one in some 250 says what the others had said.
/// </summary>
internal ref struct RepairRank
{
    /// <summary>Larger sets are taken on trust: so many at once are as rare as their price would be high.</summary>
    public const int MostChecked = 16;

    private readonly Span<byte> _matrix;
    private readonly int _columns;
    private int _rank;

    /// <param name="matrix">Room for <see cref="MostChecked"/> squared.</param>
    public RepairRank(Span<byte> matrix, int columns)
    {
        _matrix = matrix;
        _columns = columns;
        matrix.Clear();
    }

    /// <summary>All the symbols can be known.</summary>
    public readonly bool IsFull => _rank == _columns;

    /// <summary>Adds a repair, given as its coefficients for the columns, which it overwrites.</summary>
    public void Add(Span<byte> coefficients)
    {
        // The row that is kept for a column begins there, with a 1.
        for (var column = 0; column < _columns; column++)
        {
            var factor = coefficients[column];
            if (factor == 0)
                continue;
            var kept = _matrix.Slice(column * MostChecked, _columns);
            if (kept[column] == 0)
            {
                var inverse = Gf256.Inverse(factor);
                for (var i = column; i < _columns; i++)
                    kept[i] = Gf256.Multiply(coefficients[i], inverse);
                _rank++;
                return;
            }

            for (var i = column; i < _columns; i++)
                coefficients[i] ^= Gf256.Multiply(kept[i], factor);
        }
    }

    /// <summary>A repair's coefficient for a symbol that it covers.</summary>
    public static byte Coefficient(byte row, bool isCopy, ulong symbol) => isCopy ? (byte)1 : Cauchy.Coefficient(row, symbol);
}
