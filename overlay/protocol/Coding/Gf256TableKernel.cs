namespace WeCan.Protocol.Coding;

/// <summary>A look-up for every byte: what the other kernels are tested against, and what is left where there are no vectors.</summary>
internal sealed class Gf256TableKernel : Gf256Kernel
{
    public override string Name => "table";

    protected override void MultiplyAddCore(Span<byte> destination, ReadOnlySpan<byte> source, byte factor)
    {
        var row = Gf256.Row(factor);
        for (var i = 0; i < destination.Length; i++)
            destination[i] ^= row[source[i]];
    }

    protected override void ScaleCore(Span<byte> region, byte factor)
    {
        var row = Gf256.Row(factor);
        foreach (ref var value in region)
            value = row[value];
    }
}
