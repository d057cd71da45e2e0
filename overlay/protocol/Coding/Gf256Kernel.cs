using System.Runtime.Intrinsics;

namespace WeCan.Protocol.Coding;

/// <summary>
/// One way of multiplying whole regions in GF(256). All ways give the same bytes; <see cref="Best"/> is the fastest that
/// this machine has, chosen once, and the others are there to be tested and measured against each other.
/// </summary>
internal abstract class Gf256Kernel
{
    /// <summary>Sources that one call combines at most.</summary>
    public const int MaxSources = 16;

    /// <summary>What runs everywhere.</summary>
    public static Gf256Kernel Portable { get; } = new Gf256TableKernel();

    /// <summary>Every kernel that this machine can run, the fastest first.</summary>
    public static IReadOnlyList<Gf256Kernel> All { get; } = FindAll();

    public static Gf256Kernel Best { get; } = All[0];

    public abstract string Name { get; }

    /// <summary>Adds factor × source to the destination, which is as long and does not overlap it.</summary>
    public void MultiplyAdd(Span<byte> destination, ReadOnlySpan<byte> source, byte factor)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(source.Length, destination.Length);
        if (factor != 0)
            MultiplyAddCore(destination, source, factor);
    }

    /// <summary>Multiplies every byte of the region.</summary>
    public void Scale(Span<byte> region, byte factor)
    {
        if (factor != 1)
            ScaleCore(region, factor);
    }

    /// <summary>
    /// Adds factors[i] × the first lengths[i] bytes of sources[i] to the beginning of the destination, for every i: at
    /// most <see cref="MaxSources"/> sources, none longer than the destination.
    /// </summary>
    public void MultiplyAddMany(Span<byte> destination, ReadOnlySpan<byte[]> sources, ReadOnlySpan<int> lengths, ReadOnlySpan<byte> factors)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(lengths.Length, sources.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(factors.Length, sources.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sources.Length, MaxSources);
        for (var i = 0; i < sources.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(lengths[i], destination.Length);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(lengths[i], sources[i].Length);
        }

        MultiplyAddManyCore(destination, sources, lengths, factors);
    }

    protected abstract void MultiplyAddCore(Span<byte> destination, ReadOnlySpan<byte> source, byte factor);

    protected abstract void ScaleCore(Span<byte> region, byte factor);

    protected virtual void MultiplyAddManyCore(Span<byte> destination, ReadOnlySpan<byte[]> sources, ReadOnlySpan<int> lengths, ReadOnlySpan<byte> factors)
    {
        for (var i = 0; i < sources.Length; i++)
            MultiplyAddCore(destination[..lengths[i]], sources[i].AsSpan(0, lengths[i]), factors[i]);
    }

    private static List<Gf256Kernel> FindAll()
    {
        // From the slowest on: each is the narrower one of the next that takes more bytes at once.
        List<Gf256Kernel> all = [Portable];
        AddIfSupported<Shuffle128Lane, Vector128<byte>, NibbleTables<Vector128<byte>>>(all);
        AddIfSupported<Gfni128Lane, Vector128<byte>, Vector128<byte>>(all);
        AddIfSupported<Shuffle256Lane, Vector256<byte>, NibbleTables<Vector256<byte>>>(all);
        AddIfSupported<Shuffle512Lane, Vector512<byte>, NibbleTables<Vector512<byte>>>(all);
        AddIfSupported<Gfni256Lane, Vector256<byte>, Vector256<byte>>(all);
        AddIfSupported<Gfni512Lane, Vector512<byte>, Vector512<byte>>(all);
        all.Reverse();
        return all;
    }

    private static void AddIfSupported<TLane, TVector, TFactor>(List<Gf256Kernel> all)
        where TLane : struct, IGf256Lane<TVector, TFactor>
        where TVector : struct
        where TFactor : struct
    {
        if (TLane.IsSupported)
            all.Add(new Gf256LaneKernel<TLane, TVector, TFactor>(all[^1]));
    }
}
