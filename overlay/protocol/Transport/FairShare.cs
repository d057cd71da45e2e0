namespace WeCan.Protocol.Transport;

/// <summary>
/// How much of a memory one other end may hold: of what is free one part in so many, and less the less is free, by its square. So
/// <i>n</i> ends that take all they get, one after the other, and give nothing back, leave 1 / (1 + n / parts) of the memory, where with a
/// fixed part of what is free they would leave (1 - 1 / parts)^n. No parts is no bound.
/// </summary>
internal readonly record struct FairShare(int Parts)
{
    public bool IsOn => Parts > 0;

    /// <summary>What one may hold while so much of so much is free.</summary>
    public long Of(long free, long limit) => IsOn ? (long)((double)free * free / ((double)limit * Parts)) : long.MaxValue;

    public bool Allows(long free, long limit, long held, long more) => !IsOn || held + more <= Of(free, limit);
}
