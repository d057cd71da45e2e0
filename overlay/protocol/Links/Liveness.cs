using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Links;

/// <summary>
/// A link's liveness, both halves: shows life to the peer as often as it promised, answers the peer's questions, and
/// judges the peer's silence. Driven by its <see cref="Link"/>. How fast it is depends on the reasons that it has and on
/// what the node's <see cref="ProbeBudget"/> leaves; without a budget, as for a client's link, it is always idle. What a
/// peer says only makes this side send: no more often than the wire format bounds, and no more than it was asked.
/// </summary>
internal sealed class Liveness
{
    private readonly LinkSender _sender;
    private readonly LinkReceiver _receiver;
    private readonly ProbeBudget? _budget;
    private readonly SilenceJudge _judge;
    private Heartbeat _beat;
    private Duration _answerFloor;
    private Duration _peerWish = LinkLimits.IdleInterval;
    private Duration _wish = LinkLimits.IdleInterval;
    private MonoTime _wishAt;
    private MonoTime _dataAt = MonoTime.Never;
    private MonoTime _namedAt;
    private MonoTime _trialUntil;
    private MonoTime _retryAt;
    private MonoTime _reportedAt;
    private MonoTime _answersFrom;
    private int _answersOwed;
    private bool _isAnswer;
    private LossModel _to = LossModel.Unknown;

    public Liveness(in LinkOptions options, LinkSender sender, LinkReceiver receiver, MonoTime now)
    {
        (_sender, _receiver, _budget) = (sender, receiver, options.Budget);
        _judge = new(options.ShortestSilence == Duration.Zero ? LinkLimits.DeadAfter : options.ShortestSilence, now);
        _beat = new(now);
        OnLongestRtt(options.LongestRtt);
        _answersFrom = _reportedAt = now - LinkLimits.ReportWithDataEvery;
    }

    public LinkPace Pace { get; private set; }

    /// <summary>The longest pause that this side has promised.</summary>
    public Duration Promise => _beat.Interval;

    /// <summary>What routes want of the link.</summary>
    public LinkUse Use { get; private set; }

    public MonoTime HeardAt => _judge.HeardAt;

    /// <summary>The peer is silent beyond its promise, and is being asked.</summary>
    public bool IsProbing => _judge.IsProbing;

    /// <summary>The share of this side's datagrams that the peer missed, as it says.</summary>
    public double LossTo { get; private set; }

    public double BurstTo { get; private set; } = 1;

    public double LossFrom => _receiver.Losses.Loss;

    public double BurstFrom => _receiver.Losses.Burst;

    /// <summary>No data has come or gone for a while.</summary>
    public bool IsQuiet(MonoTime now) => _dataAt.IsNever || now - _dataAt >= LinkLimits.QuietAfter;

    /// <summary>A datagram is due that shows life.</summary>
    public bool IsBeatDue(MonoTime now) => _beat.NextAt <= now;

    /// <summary>A datagram must go: to show life, to ask, or to answer.</summary>
    public bool OwesDatagram(MonoTime now) => _answersOwed > 0 || IsBeatDue(now) || _judge.OwesProbe(now);

    /// <summary>Whether a datagram that goes anyway should take a report along.</summary>
    public bool GoesAlong(MonoTime now, bool withData) =>
        _beat.IsAnnouncing || now - _reportedAt >= (withData ? LinkLimits.ReportWithDataEvery : LinkLimits.ReportEvery);

    public FastClaim ClaimAt(MonoTime now)
    {
        if (!_dataAt.IsNever && now - _dataAt < LinkLimits.FastAfterData)
            return FastClaim.Traffic;
        if (Use == LinkUse.InUse && now - (_dataAt.IsNever ? _namedAt : MonoTime.Max(_dataAt, _namedAt)) < LinkLimits.FastWithoutData)
            return FastClaim.Named;
        if (now < _trialUntil)
            return FastClaim.OnTrial;
        return _peerWish < LinkLimits.CandidateInterval ? FastClaim.Asked : FastClaim.None;
    }

    /// <summary>How much the link deserves a place among the fast ones.</summary>
    public int WorthAt(MonoTime now) => ((int)ClaimAt(now) * 2) + (_peerWish < LinkLimits.CandidateInterval ? 1 : 0);

    /// <summary>Routes lead over the link now, or may soon, or do so no more.</summary>
    public void SetUse(MonoTime now, LinkUse use)
    {
        (Use, _namedAt) = (use, now);
        UpdatePace(now);
    }

    /// <summary>The link has to prove itself up to this time.</summary>
    public void TryOut(MonoTime now, MonoTime until)
    {
        _trialUntil = until;
        UpdatePace(now);
    }

    /// <summary>
    /// The round trip is unknown, but not above this: after an initiation that was repeated, far above what it is. Half of it will
    /// do, as a link that knows nothing of its path waits for as many answers as come in as long a time again.
    /// </summary>
    public void OnLongestRtt(Duration rtt) => _answerFloor = Duration.Max(_answerFloor, rtt / 2);

    /// <summary>Called before what was learnt of the old path is forgotten.</summary>
    public void OnPathChanging() => _answerFloor = AnswerTime;

    /// <summary>Data is sent, or came.</summary>
    public void OnData(MonoTime now)
    {
        _dataAt = now;
        if (Pace != LinkPace.Fast && now >= _retryAt)
            UpdatePace(now);
    }

    public void OnHeard(MonoTime now, bool gapless) => _judge.OnHeard(now, gapless);

    public void OnLife(MonoTime now, in LifeFrame frame, bool isNewest)
    {
        if (frame.AsksForAnswer)
            OweAnswer(now);
        if (!isNewest)
            return;
        _judge.OnPromise(now, frame.Promise);
        (LossTo, BurstTo) = (frame.Loss, frame.Burst);
        var share = Math.Min(0.6, (frame.Loss * 1.2) + 0.02);
        _to = new(share, Math.Clamp(1 - (1 / frame.Burst), share, 0.9));
        _peerWish = frame.Wish;
        UpdatePace(now);
    }

    /// <summary>Counts the silence. True when the link is dead.</summary>
    public bool HandleTimeout(MonoTime now)
    {
        UpdatePace(now);
        return _judge.HandleTimeout(now, View, _receiver.Losses);
    }

    /// <summary>In line for its turn, a datagram that is due wakes nobody.</summary>
    public MonoTime NextTimeout(MonoTime now, bool inLine) =>
        MonoTime.Min(_judge.NextTimeout(View, inLine && _judge.OwesProbe(now)), inLine && IsBeatDue(now) ? MonoTime.Never : _beat.NextAt);

    /// <summary>Writes a LIFE frame into the datagram that is being built.</summary>
    public void Write(MonoTime now, ref WireWriter writer)
    {
        var asks = _judge.OwesProbe(now);
        _isAnswer = _answersOwed > 0 && !asks && !IsBeatDue(now);
        if (_answersOwed > 0)
            _answersOwed--;
        if (asks)
            _judge.OnProbeSent(now, View);
        _beat.OnAnnounced();
        _reportedAt = now;
        new LifeFrame(asks, _beat.Interval, _wish, LossFrom, BurstFrom).Write(ref writer);
    }

    /// <summary>The datagram goes. An answer alone keeps no promise: it may be all that the peer's questions brought about.</summary>
    public void OnSent(MonoTime now)
    {
        if (!_isAnswer)
            _beat.OnSent(now, IsQuiet(now));
        _isAnswer = false;
    }

    /// <summary>Another link needs the place among the fast ones more.</summary>
    public void GiveWay(MonoTime now)
    {
        _retryAt = now + LinkLimits.FastRetry;
        SetPace(now, LinkPace.Candidate, FastClaim.None);
    }

    public void UpdatePace(MonoTime now)
    {
        if (_budget is null)
            return;
        var claim = ClaimAt(now);
        var wanted = claim != FastClaim.None ? LinkPace.Fast
            : Use != LinkUse.None || _peerWish <= LinkLimits.CandidateInterval ? LinkPace.Candidate
            : LinkPace.Idle;
        if (wanted == LinkPace.Fast && Pace != LinkPace.Fast && now < _retryAt)
            wanted = LinkPace.Candidate;
        SetPace(now, wanted, claim);
        if (wanted == LinkPace.Fast && Pace != LinkPace.Fast)
            _retryAt = now + LinkLimits.FastRetry;
    }

    public void Trim() => _judge.Trim();

    /// <summary>The link is over.</summary>
    public void Leave()
    {
        _budget?.Leave(this);
        Pace = LinkPace.Idle;
    }

    private Duration AnswerTime => _sender.Rtt.HasSample ? _sender.Rtt.ProbeTimeout : Duration.Max(_sender.Rtt.ProbeTimeout, _answerFloor);

    private PathView View
    {
        get
        {
            var answerTime = AnswerTime;
            var waitingSince = _sender.WaitingSince;
            var overdueAt = waitingSince.IsNever ? MonoTime.Never : MonoTime.Max(waitingSince, HeardAt) + _sender.Rtt.ProbeTimeout + _judge.Lateness;
            return new(_to, answerTime, overdueAt, Pace == LinkPace.Fast);
        }
    }

    private void SetPace(MonoTime now, LinkPace wanted, FastClaim claim)
    {
        Pace = _budget!.Move(now, this, wanted);
        var interval = IntervalOf(Pace);
        if (Pace == LinkPace.Fast && _peerWish < interval)
            interval = _budget.Quicken(this, Duration.Max(_peerWish, LinkLimits.FastestInterval));
        _beat.Promise(interval);

        // A wish never stands on the peer's own wish alone, or two links would hold each other fast for ever.
        if (Pace == LinkPace.Fast && claim > FastClaim.Asked)
            WishFast(now);
        else
            (_wish, _wishAt) = (IntervalOf(Pace == LinkPace.Candidate && (claim > FastClaim.Asked || Use != LinkUse.None) ? Pace : LinkPace.Idle), now);
    }

    private static Duration IntervalOf(LinkPace pace) => pace switch
    {
        LinkPace.Fast => LinkLimits.FastInterval,
        LinkPace.Candidate => LinkLimits.CandidateInterval,
        _ => LinkLimits.IdleInterval,
    };

    /// <summary>Asks for as many datagrams as it takes to judge a silence in time: more where much is lost and answers are far away.</summary>
    private void WishFast(MonoTime now)
    {
        if (_wish <= LinkLimits.FastInterval && now < _wishAt)
            return;
        _wishAt = now + LinkLimits.FastRetry;
        var needed = _receiver.Losses.Cautious.PacketsFor(SilenceJudge.DeadBelow);
        var answers = LinkLimits.JudgeWithin - AnswerTime - LinkLimits.SilenceSlack - _judge.Lateness;
        _wish = LinkLimits.FastInterval;
        while (_wish > LinkLimits.FastestInterval && Expected(_wish, answers) < needed)
            _wish -= LinkLimits.SilenceSlack;
    }

    private static long Expected(Duration interval, Duration answers) =>
        (LinkLimits.JudgeWithin.Nanoseconds / interval.Nanoseconds) +
        Math.Max(0, (answers - interval).Nanoseconds / LinkLimits.ProbeGap.Nanoseconds);

    private void OweAnswer(MonoTime now)
    {
        var burst = LinkLimits.AnswerEvery * LinkLimits.AnswersAtOnce;
        _answersFrom = MonoTime.Max(_answersFrom, now - burst);
        if (_answersFrom + LinkLimits.AnswerEvery > now)
            return;
        _answersFrom += LinkLimits.AnswerEvery;
        _answersOwed++;
    }
}
