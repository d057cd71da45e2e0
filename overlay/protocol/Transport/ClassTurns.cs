using System.Numerics;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Whose turn it is among the classes that have something: the first in line, except that one that waited through
/// <see cref="TransportLimits.LowerClassShare"/> turns goes before it.
/// </summary>
internal struct ClassTurns
{
    private uint _waits;

    /// <summary>The class to serve out of a set that is not empty, bit <i>n</i> standing for class <i>n</i>.</summary>
    public readonly int Pick(uint waiting)
    {
        for (var c = 3; c > 0; c--)
        {
            if (((waiting >> c) & 1) != 0 && WaitOf(c) >= TransportLimits.LowerClassShare)
                return c;
        }

        return BitOperations.TrailingZeroCount(waiting);
    }

    public void Served(int served, uint waiting)
    {
        for (var c = 1; c <= 3; c++)
        {
            if (c == served || ((waiting >> c) & 1) == 0)
                _waits &= ~(0xFFu << (8 * c));
            else if (c > served && WaitOf(c) < 0xFF)
                _waits += 1u << (8 * c);
        }
    }

    private readonly int WaitOf(int c) => (int)((_waits >> (8 * c)) & 0xFF);
}
