namespace WeCan.Protocol.Coding;

/// <summary>
/// What a kernel needs of one kind of vector instructions: <see cref="Gf256LaneKernel{TLane, TVector, TFactor}"/> makes the loops from it.
/// </summary>
internal interface IGf256Lane<TVector, TFactor>
    where TVector : struct
    where TFactor : struct
{
    static abstract string Name { get; }

    static abstract bool IsSupported { get; }

    /// <summary>What multiplying many vectors by the same element needs.</summary>
    static abstract TFactor Prepare(byte factor);

    static abstract TVector Multiply(TVector value, TFactor factor);

    /// <summary>The sum and factor × value.</summary>
    static abstract TVector MultiplyAdd(TVector sum, TVector value, TFactor factor);

    static abstract TVector And(TVector a, TVector b);
}
