using System.Runtime.CompilerServices;

namespace WeCan.Protocol.Coding;

/// <summary>
/// Adds many scaled regions to one: it gathers sources and combines as many at a time as a kernel takes, which is several
/// times faster than one by one. Complete only after <see cref="Finish"/>. Lives on the stack and takes nothing from the heap.
/// </summary>
internal ref struct Gf256Sum(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private Sources _sources;
    private Lengths _lengths;
    private Factors _factors;
    private int _count;

    /// <summary>Adds factor × the first bytes of the source. The source must not change before <see cref="Finish"/>.</summary>
    public void Add(byte factor, byte[] source, int length)
    {
        if (_count == Gf256Kernel.MaxSources)
            Finish();
        _sources[_count] = source;
        _lengths[_count] = length;
        _factors[_count] = factor;
        _count++;
    }

    public void Finish()
    {
        Gf256Kernel.Best.MultiplyAddMany(_destination, ((ReadOnlySpan<byte[]>)_sources)[.._count], ((ReadOnlySpan<int>)_lengths)[.._count], ((ReadOnlySpan<byte>)_factors)[.._count]);
        _count = 0;
    }

    [InlineArray(Gf256Kernel.MaxSources)]
    private struct Sources
    {
        private byte[] _first;
    }

    [InlineArray(Gf256Kernel.MaxSources)]
    private struct Lengths
    {
        private int _first;
    }

    [InlineArray(Gf256Kernel.MaxSources)]
    private struct Factors
    {
        private byte _first;
    }
}
