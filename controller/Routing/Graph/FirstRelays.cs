using System.Runtime.Intrinsics;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// The best first relays of the pairs of one destination and of some origins that follow one another, and how each goes on from there: what a search begins with.
/// It is gathered for several origins ahead of their searches, as rows are read once for four of them. One thread uses one.
/// </summary>
internal sealed class FirstRelays
{
    /// <summary>Origins that are gone through together: what lies behind the relays is read once for all of them.</summary>
    public const int OriginTile = 32;

    /// <summary>For each origin one relay of each lane.</summary>
    private static readonly int Lanes = Vector512<int>.Count;

    private readonly RankedSums[] _ranked = new RankedSums[OriginTile];
    private readonly int[] _via = new int[OriginTile * Lanes];
    private readonly ulong[] _alternates = new ulong[OriginTile * Lanes];

    public ref readonly RankedSums Ranked(int each) => ref _ranked[each];

    /// <summary>The relay on the best way on from each first relay.</summary>
    public Vector512<int> Via(int each) => Vector512.LoadUnsafe(ref _via[each * Lanes]);

    /// <summary>The ways on behind the best, of the first eight and of the others.</summary>
    public (Vector512<ulong> Lower, Vector512<ulong> Upper) Alternates(int each) =>
        (Vector512.LoadUnsafe(ref _alternates[each * Lanes]), Vector512.LoadUnsafe(ref _alternates[(each * Lanes) + Vector512<ulong>.Count]));

    public void Gather(Onward onward, int firstOrigin, int count, int destination)
    {
        var to = onward.To(destination);
        var last = firstOrigin + count - 1;
        for (var each = 0; each < count; each += 4)
        {
            var origin = firstOrigin + each;
            SumScan.RankFour(
                onward.Links(origin), onward.Links(Math.Min(origin + 1, last)), onward.Links(Math.Min(origin + 2, last)), onward.Links(Math.Min(origin + 3, last)), to, _ranked.AsSpan(each));
        }

        GoOn(onward, count, destination);
    }

    /// <summary>The same for one origin.</summary>
    public void Gather(Onward onward, int origin, int destination)
    {
        SumScan.Rank(onward.Links(origin), onward.To(destination), out _ranked[0]);
        GoOn(onward, 1, destination);
    }

    private void GoOn(Onward onward, int count, int destination)
    {
        var via = onward.Via(destination);
        var alternates = onward.AlternatesTo(destination);
        Span<int> places = stackalloc int[Lanes];
        for (var each = 0; each < count; each++)
        {
            var vias = _via.AsSpan(each * Lanes, Lanes);
            var behind = _alternates.AsSpan(each * Lanes, Lanes);
            _ranked[each].Places.CopyTo(places);
            for (var lane = 0; lane < places.Length; lane++)
                (vias[lane], behind[lane]) = (via[places[lane]], alternates[places[lane]].Bits);
        }
    }
}
