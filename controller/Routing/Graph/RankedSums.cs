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

    /// <summary>The least of all sums, and the first place that has it; of those that are ranked, where some were left out.</summary>
    public long First => SumScan.LeastOf(Least, Places);

    public RankedSums Without(int place) =>
        new(Vector512.ConditionalSelect(Vector512.Equals(Places, Vector512.Create(place)), Vector512.Create(int.MaxValue), Least), Places, Others);
}
