namespace WeCan.Protocol.Coding;

/// <summary>The products of one element with the 16 low halves and with the 16 high halves of a byte, in every 16 bytes of a vector.</summary>
internal readonly struct NibbleTables<TVector>(TVector low, TVector high)
    where TVector : struct
{
    public readonly TVector Low = low;

    public readonly TVector High = high;
}
