using WeCan.Contracts;

namespace WeCan.Controller.Sessions;

/// <summary>
/// How long a word to a node and its answer are on their way over one session, which is one ordered stream: what comes from the node waits behind what it
/// said before, so the answer is as late as its reports are. The owner sends each ping and hands in its answer.
/// </summary>
internal sealed class RoundTripWatch
{
    /// <summary>A session's own pings, for when nothing is heard, count from 1.</summary>
    private uint _number = 1u << 31;
    private MonoTime _askedAt;
    private bool _isAsked;
    private bool _isKnown;
    private Duration _last;

    /// <summary>True where it is time to ask, by a ping of this number.</summary>
    public bool TryAsk(MonoTime now, out uint number)
    {
        number = _number;
        if (_isAsked || (_isKnown && now < _askedAt + ControllerLimits.RoundTripInterval))
            return false;
        (number, _askedAt, _isAsked) = (++_number, now, true);
        return true;
    }

    public void Answer(MonoTime now, uint number)
    {
        if (_isAsked && number == _number)
            (_last, _isAsked, _isKnown) = (now - _askedAt, false, true);
    }

    /// <summary>By the last answer; longer where the one that is awaited takes longer.</summary>
    public Duration At(MonoTime now) => _isAsked ? Duration.Max(_last, now - _askedAt) : _last;
}
