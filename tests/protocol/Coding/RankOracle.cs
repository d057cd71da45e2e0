using WeCan.Protocol.Coding;

namespace WeCan.Protocol.Tests.Coding;

/// <summary>Which symbols some equations determine: plain elimination over coefficients alone, as slow and as simple as can be.</summary>
internal sealed class RankOracle
{
    private const int Symbols = 128;

    private readonly List<byte[]> _equations = [];

    public void Add((ulong Symbol, byte Coefficient)[] equation)
    {
        var row = new byte[Symbols];
        foreach (var (symbol, coefficient) in equation)
            row[symbol] = coefficient;
        _equations.Add(row);
    }

    /// <summary>Symbols that stand alone in a row of the reduced echelon form, going up.</summary>
    public IEnumerable<ulong> Known()
    {
        List<byte[]> rows = [.. _equations.Select(row => (byte[])[.. row])];
        var rank = 0;
        for (var column = 0; column < Symbols && rank < rows.Count; column++)
        {
            var found = rows.FindIndex(rank, row => row[column] != 0);
            if (found < 0)
                continue;
            (rows[rank], rows[found]) = (rows[found], rows[rank]);
            var inverse = Gf256.Inverse(rows[rank][column]);
            for (var i = 0; i < Symbols; i++)
                rows[rank][i] = Gf256.Multiply(rows[rank][i], inverse);
            for (var other = 0; other < rows.Count; other++)
            {
                var factor = rows[other][column];
                for (var i = 0; i < Symbols && other != rank && factor != 0; i++)
                    rows[other][i] ^= Gf256.Multiply(factor, rows[rank][i]);
            }

            rank++;
        }

        return rows.Where(row => row.Count(value => value != 0) == 1).Select(row => (ulong)row.AsSpan().IndexOfAnyExcept((byte)0)).Order();
    }
}
