using System.Numerics;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Whose turn it is among up to eight ranks, be they classes or priorities, of which some have something: the first in
/// line, except that one that waited through <see cref="TransportLimits.LowerRankShare"/> turns goes before it.
/// </summary>
internal struct Turns
{
    public const int Ranks = 8;

    private ulong _waits;

    /// <summary>The rank to serve out of a set that is not empty, bit <i>n</i> standing for rank <i>n</i>, 0 the first in line.</summary>
    public readonly int Pick(uint waiting)
    {
        for (var rank = Ranks - 1; rank > 0; rank--)
        {
            if (((waiting >> rank) & 1) != 0 && WaitOf(rank) >= TransportLimits.LowerRankShare)
                return rank;
        }

        return BitOperations.TrailingZeroCount(waiting);
    }

    public void Served(int served, uint waiting)
    {
        for (var rank = 1; rank < Ranks; rank++)
        {
            if (rank == served || ((waiting >> rank) & 1) == 0)
                _waits &= ~(0xFFUL << (8 * rank));
            else if (rank > served && WaitOf(rank) < 0xFF)
                _waits += 1UL << (8 * rank);
        }
    }

    private readonly int WaitOf(int rank) => (int)((_waits >> (8 * rank)) & 0xFF);
}
