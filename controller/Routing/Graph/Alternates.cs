using System.Runtime.Intrinsics;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// How a destination is reached from a node where the best way on may not be used: the relays of the second best and the third best way on, and
/// what these cost more than the best. It is eight bytes, and so many pairs have it that it is remembered for all; sixteen are read at a time.
/// </summary>
internal readonly record struct Alternates(ulong Bits)
{
    /// <summary>In the place of a relay: the way on is the link itself.</summary>
    public const int NoRelay = -1;

    /// <summary>In the place of a relay: there is no way on any more, neither this one nor a later one.</summary>
    public const int NoWay = -2;

    /// <summary>What is at least as much more than the best has to be looked for, unless there is no way on.</summary>
    public const int Far = ushort.MaxValue;

    /// <summary>Nothing leads on but the best way.</summary>
    public static readonly Alternates None = new(NoWay, Far, NoWay, Far);

    public Alternates(int second, int secondMore, int third, int thirdMore)
        : this((ushort)second | ((ulong)(ushort)third << 16) | ((ulong)Math.Min(secondMore, Far) << 32) | ((ulong)Math.Min(thirdMore, Far) << 48))
    {
    }

    public int Second => (short)Bits;

    public int Third => (short)(Bits >> 16);

    public int SecondMore => (ushort)(Bits >> 32);

    public int ThirdMore => (ushort)(Bits >> 48);

    /// <summary>The relays of sixteen, from the first eight and the others.</summary>
    public static (Vector512<int> Second, Vector512<int> Third) Relays(Vector512<ulong> lower, Vector512<ulong> upper)
    {
        var both = Vector512.Narrow(lower, upper).AsInt32();
        return ((both << 16) >> 16, both >> 16);
    }

    /// <summary>What they cost more.</summary>
    public static (Vector512<int> Second, Vector512<int> Third) Mores(Vector512<ulong> lower, Vector512<ulong> upper)
    {
        var both = Vector512.Narrow(lower >>> 32, upper >>> 32).AsInt32();
        return (both & Vector512.Create(Far), both >>> 16);
    }
}
