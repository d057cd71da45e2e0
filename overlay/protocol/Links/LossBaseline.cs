namespace WeCan.Protocol.Links;

/// <summary>
/// What a path loses by chance: the share of lost packets among those that were sent while less was in flight than the
/// path holds without a queue. Loss that does not exceed it says nothing about congestion, and a sender makes up for it.
/// A bottleneck that drops without queueing cannot hide in it, because those packets also went slower than the rest.
/// </summary>
internal struct LossBaseline
{
    private const int LeastPackets = 64;
    private const int Memory = 2_048;
    private const double MostShare = 0.5;

    private double _lost;
    private double _packets;

    public readonly double Share => _packets < LeastPackets ? 0 : Math.Min(_lost / _packets, MostShare);

    public void Add(int packets, int lost)
    {
        _packets += packets;
        _lost = Math.Max(_lost + lost, 0);
        if (_packets < Memory)
            return;
        _packets /= 2;
        _lost /= 2;
    }

    /// <summary>
    /// Whether so many lost of so many are more than chance explains: half as much again as the baseline, two in a
    /// hundred, and three deviations of a path that loses in bursts of four.
    /// </summary>
    public readonly bool IsExceededBy(int lost, int packets)
    {
        const int Least = 3;
        const double Burst = 4;
        if (lost < Least)
            return false;
        var share = Share;
        var deviation = Math.Sqrt(Math.Max(share, 0.005) * Burst / packets);
        return (double)lost / packets > (share * 1.5) + 0.02 + (3 * deviation);
    }
}
