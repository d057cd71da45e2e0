using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Routing.Graph;

/// <summary>The ways from one node to another, the best first, which share no relay; after the last come <see cref="Way.None"/>s.</summary>
[InlineArray(ControlLimits.MaxWays)]
internal struct WaySet
{
    private Way _first;

    public static WaySet None { get; } = MakeNone();

    public readonly int Count
    {
        get
        {
            var count = 0;
            while (count < ControlLimits.MaxWays && !this[count].IsNone)
                count++;
            return count;
        }
    }

    public readonly bool IsSame(in WaySet other)
    {
        ReadOnlySpan<Way> own = this;
        ReadOnlySpan<Way> others = other;
        return MemoryMarshal.AsBytes(own).SequenceEqual(MemoryMarshal.AsBytes(others));
    }

    private static WaySet MakeNone()
    {
        var none = default(WaySet);
        Span<Way> all = none;
        all.Fill(Way.None);
        return none;
    }
}
