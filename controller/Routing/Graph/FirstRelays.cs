using System.Runtime.Intrinsics;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// The best first relays of some pairs, and how each goes on from there: what searches begin with. It is gathered for a block of origins and
/// destinations ahead of their searches, as a row is read once for four others. One thread uses one.
/// </summary>
internal sealed class FirstRelays
{
    /// <summary>Origins of a block.</summary>
    public const int Origins = 4;

    /// <summary>Destinations of a block.</summary>
    public const int Destinations = 8;

    private static readonly int Lanes = Vector512<int>.Count;

    private readonly RankedSums[] _ranked = new RankedSums[Origins * Destinations];
    private readonly int[] _via = new int[Origins * Destinations * Lanes];
    private readonly ulong[] _alternates = new ulong[Origins * Destinations * Lanes];

    /// <summary>The place in a block of a pair of its origins and destinations.</summary>
    public static int At(int origin, int destination) => (destination * Origins) + origin;

    public ref readonly RankedSums Ranked(int at) => ref _ranked[at];

    /// <summary>The relay on the best way on from each first relay.</summary>
    public Vector512<int> Via(int at) => Vector512.LoadUnsafe(ref _via[at * Lanes]);

    /// <summary>The ways on behind the best, of the first eight and of the others.</summary>
    public (Vector512<ulong> Lower, Vector512<ulong> Upper) Alternates(int at) =>
        (Vector512.LoadUnsafe(ref _alternates[at * Lanes]), Vector512.LoadUnsafe(ref _alternates[(at * Lanes) + Vector512<ulong>.Count]));

    /// <summary>For a block of pairs, which may be smaller at the end of the nodes.</summary>
    public void Gather(Onward onward, int firstOrigin, int lastOrigin, int firstDestination, int lastDestination)
    {
        for (var destination = firstDestination; destination <= lastDestination; destination++)
        {
            var at = At(0, destination - firstDestination);
            SumScan.RankFour(
                onward.Links(firstOrigin),
                onward.Links(Math.Min(firstOrigin + 1, lastOrigin)),
                onward.Links(Math.Min(firstOrigin + 2, lastOrigin)),
                onward.Links(Math.Min(firstOrigin + 3, lastOrigin)),
                onward.To(destination),
                _ranked.AsSpan(at));
            GoOn(onward, destination, at, Origins);
        }
    }

    /// <summary>For one pair.</summary>
    public void Gather(Onward onward, int origin, int destination)
    {
        SumScan.Rank(onward.Links(origin), onward.To(destination), out _ranked[0]);
        GoOn(onward, destination, 0, 1);
    }

    private void GoOn(Onward onward, int destination, int first, int count)
    {
        var via = onward.Via(destination);
        var alternates = onward.AlternatesTo(destination);
        Span<int> places = stackalloc int[Lanes];
        for (var at = first; at < first + count; at++)
        {
            var vias = _via.AsSpan(at * Lanes, Lanes);
            var behind = _alternates.AsSpan(at * Lanes, Lanes);
            _ranked[at].Places.CopyTo(places);
            for (var lane = 0; lane < places.Length; lane++)
            {
                vias[lane] = via[places[lane]];
                behind[lane] = alternates[places[lane]].Bits;
            }
        }
    }
}
