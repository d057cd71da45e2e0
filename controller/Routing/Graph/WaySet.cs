using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// The ways from one node to another for one class, in 16 bytes: the best one, backups that share no relay with those before, then
/// <see cref="Way.None"/>s; and behind them the detour.
/// </summary>
[InlineArray(MostWays + 1)]
internal struct WaySet
{
    /// <summary>The best way and its backups.</summary>
    public const int MostWays = 3;

    private Way _first;

    public static WaySet None { get; } = MakeNone();

    /// <summary>The best way and its backups, as many as there are.</summary>
    public readonly int Count
    {
        get
        {
            var count = 0;
            while (count < MostWays && !this[count].IsNone)
                count++;
            return count;
        }
    }

    public readonly bool IsNone => this[0].IsNone;

    /// <summary>
    /// What to take when the first node of the best way is dead, where that is clearly better than the first backup: it passes
    /// everything but that node.
    /// </summary>
    public readonly Way Detour => this[MostWays];

    public void SetDetour(Way way) => this[MostWays] = way;

    public readonly bool Has(Way way)
    {
        for (var rank = 0; rank < MostWays; rank++)
        {
            if (this[rank] == way)
                return true;
        }

        return false;
    }

    public readonly bool IsSame(in WaySet other) => Unsafe.BitCast<WaySet, Vector128<byte>>(this) == Unsafe.BitCast<WaySet, Vector128<byte>>(other);

    private static WaySet MakeNone()
    {
        var none = default(WaySet);
        Span<Way> all = none;
        all.Fill(Way.None);
        return none;
    }
}
