using WeCan.Protocol.Crypto;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// Packet numbers that are left out at random: nobody can have received them, so who acknowledges one acknowledges what it
/// has not seen, to be sent more than its path carries or to hide what it loses. They are rare, and rarer as the link grows
/// older, as the peer takes each for a loss.
/// </summary>
internal struct AckTrap
{
    private ulong _number;
    private ulong _nextAt;
    private int _period;
    private bool _isSet;

    /// <summary>Whether the number about to be used is to be left out. Asked for the first time, it only plans when one will be.</summary>
    public bool IsDue(ulong next, DeterministicRandom random)
    {
        if (_period == 0)
            Plan(next, random);
        return next >= _nextAt;
    }

    public void Set(ulong number, DeterministicRandom random)
    {
        (_number, _isSet) = (number, true);
        Plan(number, random);
    }

    /// <summary>Whether the frame acknowledges the number that was left out last.</summary>
    public readonly bool Catches(in AckFrame ack)
    {
        var ranges = ack.Ranges();
        while (_isSet && ranges.MoveNext())
        {
            if (_number >= ranges.Low && _number <= ranges.High)
                return true;
        }

        return false;
    }

    private void Plan(ulong next, DeterministicRandom random)
    {
        _period = Math.Clamp(_period * 2, LinkLimits.FirstAckTrap, LinkLimits.LongestAckTrap);
        _nextAt = next + (ulong)((_period / 2) + random.Next(_period));
    }
}
