namespace WeCan.Protocol.Repair;

/// <summary>
/// How often a link loses packets and how many in a row, over about the last thousand. It begins with a guess rather
/// than with nothing, so that what cannot be repaired later is protected from the first packet on; the guess fades as packets are counted.
/// A thousand packets say little of a loss of one in five hundred, which comes and goes in them: so the rate never falls below what
/// the last twenty thousand say, as far as that is rare.
/// </summary>
internal struct LossEstimate
{
    private const double Memory = 1_000;
    private const double LongMemory = 20_000;

    /// <summary>What the long memory vouches for at most: a link that was bad for a while is not taken for bad for minutes.</summary>
    private const double MostRemembered = 0.005;
    private const double GuessedPackets = 60;
    private const double GuessedLoss = 0.05;

    private double _packets;
    private double _lost;
    private double _runs;
    private double _longPackets;
    private double _longLost;
    private ulong _nextOfRun;

    /// <summary>The share of packets that is lost.</summary>
    public readonly double Rate => _packets > 0 ? Math.Max(_lost / _packets, Math.Min(_longLost / _longPackets, MostRemembered)) : GuessedLoss;

    /// <summary>Packets lost in a row, at the mean; 1 where each is lost by itself.</summary>
    public readonly double Burst => _runs > 0 ? Math.Max(1, _lost / _runs) : 1;

    /// <summary>Runs of losses that are remembered, a run each; the guess counts as three.</summary>
    public readonly double Runs => _runs;

    public void OnArrived() => Count();

    /// <summary>Losses are told in the order of their numbers.</summary>
    public void OnLost(ulong packet)
    {
        Count();
        _lost++;
        _longLost++;
        if (packet != _nextOfRun)
            _runs++;
        _nextOfRun = packet + 1;
    }

    /// <summary>
    /// One that was told lost had only been late. Where its neighbours are lost it was no run of its own: without it their run is
    /// shorter, or two. To take away a run for each would leave long ones that nobody saw.
    /// </summary>
    public void OnSpurious(ulong packet, bool isLostBefore, bool isLostAfter)
    {
        var runs = (isLostBefore ? 1 : 0) + (isLostAfter ? 1 : 0) - 1;
        (_lost, _runs, _longLost) = (Math.Max(0, _lost - 1), Math.Max(0, _runs + runs), Math.Max(0, _longLost - 1));
        if (_nextOfRun == packet + 1)
            _nextOfRun = ulong.MaxValue;
    }

    private void Count()
    {
        if (_packets == 0)
        {
            (_packets, _lost, _runs) = (GuessedPackets, GuessedPackets * GuessedLoss, GuessedPackets * GuessedLoss);
            (_longPackets, _longLost) = (_packets, _lost);
        }

        const double LongFade = 1 - (1 / LongMemory);
        _longPackets = (_longPackets * LongFade) + 1;
        _longLost *= LongFade;
        const double Fade = 1 - (1 / Memory);
        _packets = (_packets * Fade) + 1;
        _lost *= Fade;
        _runs *= Fade;
    }
}
