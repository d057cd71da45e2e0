namespace WeCan.Protocol.Repair;

/// <summary>
/// How often a link loses packets and how many in a row, over about the last thousand. It begins with a guess rather
/// than with nothing, so that what cannot be repaired later is protected from the first packet on; the guess fades as packets are counted.
/// </summary>
internal struct LossEstimate
{
    private const double Memory = 1_000;
    private const double GuessedPackets = 60;
    private const double GuessedLoss = 0.05;

    private double _packets;
    private double _lost;
    private double _runs;
    private ulong _nextOfRun;

    /// <summary>The share of packets that is lost.</summary>
    public readonly double Rate => _packets > 0 ? _lost / _packets : GuessedLoss;

    /// <summary>Packets lost in a row, at the mean; 1 where each is lost by itself.</summary>
    public readonly double Burst => _runs > 0 ? Math.Max(1, _lost / _runs) : 1;

    public void OnArrived() => Count();

    /// <summary>Losses are told in the order of their numbers.</summary>
    public void OnLost(ulong packet)
    {
        Count();
        _lost++;
        if (packet != _nextOfRun)
            _runs++;
        _nextOfRun = packet + 1;
    }

    /// <summary>One that was told lost had only been late.</summary>
    public void OnSpurious() => (_lost, _runs) = (Math.Max(0, _lost - 1), Math.Max(0, _runs - 1));

    private void Count()
    {
        if (_packets == 0)
            (_packets, _lost, _runs) = (GuessedPackets, GuessedPackets * GuessedLoss, GuessedPackets * GuessedLoss);
        const double Fade = 1 - (1 / Memory);
        _packets = (_packets * Fade) + 1;
        _lost *= Fade;
        _runs *= Fade;
    }
}
