using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WeCan.Protocol.Coding;

/// <summary>
/// Region arithmetic with one kind of vectors, and a narrower kernel for regions shorter than one. A region's end that
/// fills no vector is taken as the region's last whole vector, with what was done before masked out.
/// </summary>
internal sealed class Gf256LaneKernel<TLane, TVector, TFactor>(Gf256Kernel narrower) : Gf256Kernel
    where TLane : struct, IGf256Lane<TVector, TFactor>
    where TVector : struct
    where TFactor : struct
{
    private const int WidestVector = 64;

    /// <summary>A vector loaded from here, n bytes behind the middle less its width, has n bytes of ones at its end.</summary>
    private static ReadOnlySpan<byte> Masks =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    ];

    public override string Name => TLane.Name;

    private static int Width => Unsafe.SizeOf<TVector>();

    protected override void MultiplyAddCore(Span<byte> destination, ReadOnlySpan<byte> source, byte factor)
    {
        if (destination.Length < Width)
        {
            narrower.MultiplyAdd(destination, source, factor);
            return;
        }

        ref var to = ref MemoryMarshal.GetReference(destination);
        ref var from = ref MemoryMarshal.GetReference(source);
        var prepared = TLane.Prepare(factor);
        var at = 0;
        for (; at + (4 * Width) <= destination.Length; at += 4 * Width)
        {
            var first = TLane.MultiplyAdd(Load(ref to, at), Load(ref from, at), prepared);
            var second = TLane.MultiplyAdd(Load(ref to, at + Width), Load(ref from, at + Width), prepared);
            var third = TLane.MultiplyAdd(Load(ref to, at + (2 * Width)), Load(ref from, at + (2 * Width)), prepared);
            var fourth = TLane.MultiplyAdd(Load(ref to, at + (3 * Width)), Load(ref from, at + (3 * Width)), prepared);
            Store(ref to, at, first);
            Store(ref to, at + Width, second);
            Store(ref to, at + (2 * Width), third);
            Store(ref to, at + (3 * Width), fourth);
        }

        AddRest(ref to, ref from, at, destination.Length, prepared);
    }

    protected override void ScaleCore(Span<byte> region, byte factor)
    {
        if (region.Length < Width)
        {
            narrower.Scale(region, factor);
            return;
        }

        ref var bytes = ref MemoryMarshal.GetReference(region);
        var prepared = TLane.Prepare(factor);
        var last = region.Length - Width;
        var end = TLane.Multiply(Load(ref bytes, last), prepared);
        for (var at = 0; at < last; at += Width)
            Store(ref bytes, at, TLane.Multiply(Load(ref bytes, at), prepared));
        Store(ref bytes, last, end);
    }

    protected override void MultiplyAddManyCore(Span<byte> destination, ReadOnlySpan<byte[]> sources, ReadOnlySpan<int> lengths, ReadOnlySpan<byte> factors)
    {
        ref var to = ref MemoryMarshal.GetReference(destination);

        // Four vectors of the sum stay in registers while all sources that reach so far are added to them.
        var at = 0;
        for (; at + (4 * Width) <= destination.Length; at += 4 * Width)
        {
            var first = Load(ref to, at);
            var second = Load(ref to, at + Width);
            var third = Load(ref to, at + (2 * Width));
            var fourth = Load(ref to, at + (3 * Width));
            for (var i = 0; i < sources.Length; i++)
            {
                if (lengths[i] < at + (4 * Width))
                    continue;
                ref var from = ref MemoryMarshal.GetArrayDataReference(sources[i]);
                var prepared = TLane.Prepare(factors[i]);
                first = TLane.MultiplyAdd(first, Load(ref from, at), prepared);
                second = TLane.MultiplyAdd(second, Load(ref from, at + Width), prepared);
                third = TLane.MultiplyAdd(third, Load(ref from, at + (2 * Width)), prepared);
                fourth = TLane.MultiplyAdd(fourth, Load(ref from, at + (3 * Width)), prepared);
            }

            Store(ref to, at, first);
            Store(ref to, at + Width, second);
            Store(ref to, at + (2 * Width), third);
            Store(ref to, at + (3 * Width), fourth);
        }

        for (var i = 0; i < sources.Length; i++)
        {
            var length = lengths[i];
            var done = length & ~((4 * Width) - 1);
            if (length < Width)
                narrower.MultiplyAdd(destination[..length], sources[i].AsSpan(0, length), factors[i]);
            else if (done < length)
                AddRest(ref to, ref MemoryMarshal.GetArrayDataReference(sources[i]), done, length, TLane.Prepare(factors[i]));
        }
    }

    /// <summary>Adds what lies from <paramref name="at"/> on, of a region no shorter than a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRest(ref byte to, ref byte from, int at, int length, TFactor prepared)
    {
        for (; at + Width <= length; at += Width)
            Store(ref to, at, TLane.MultiplyAdd(Load(ref to, at), Load(ref from, at), prepared));
        if (at == length)
            return;
        var last = length - Width;
        var mask = Load(ref MemoryMarshal.GetReference(Masks), WidestVector - Width + (length - at));
        Store(ref to, last, TLane.MultiplyAdd(Load(ref to, last), TLane.And(Load(ref from, last), mask), prepared));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load(ref byte from, int at) => Unsafe.ReadUnaligned<TVector>(ref Unsafe.Add(ref from, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref byte to, int at, TVector value) => Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, at), value);
}
