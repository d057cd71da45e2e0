using System.Runtime.Intrinsics;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// The least sums of two rows, one for each sixteenth place, and their places; and the least of all those that are not among them.
/// </summary>
internal readonly struct RankedSums(Vector512<int> least, Vector512<int> places, int others)
{
    public Vector512<int> Least { get; } = least;

    public Vector512<int> Places { get; } = places;

    public int Others { get; } = others;
}
