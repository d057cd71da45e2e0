using WeCan.Contracts;
using WeCan.Controller.Store;

namespace WeCan.Controller.Service;

/// <summary>
/// Decides for one controller among those that share a database whether it leads, stands by, or serves nodes from memory. Without a clock,
/// a database or a network: it is handed the time and what was answered, and asked what to do (<see cref="TryPollStep"/>) and when to
/// wake (<see cref="NextTimeout"/>). It promises that
/// <list type="bullet">
/// <item>no more than one question of a kind is under way, and whoever drives it answers each within a bound, if only by
/// <see cref="HandleSilence"/>: no answer that fails to come keeps it where it is;</item>
/// <item>it doubts its lease when that is as old as a lease lives, whatever is under way then;</item>
/// <item>it keeps a lease while it reads what belongs to it, however long that takes;</item>
/// <item>who led last serves from memory while nobody answers, and sends nodes on only on somebody's word, which has to be given again
/// and again.</item>
/// </list>
/// </summary>
internal sealed class LeadershipCore
{
    private const string Silent = "The database does not answer: nothing can be changed until it does.";

    private static readonly Duration Life = new(ServiceLimits.LeaseLife.Ticks * 100);
    private static readonly Duration RenewalPause = new(ServiceLimits.LeaseRenewal.Ticks * 100);
    private static readonly Duration LookPause = new(ServiceLimits.LeaseLook.Ticks * 100);

    private readonly Queue<LeadershipStep> _steps = new();
    private long? _token;

    /// <summary>The post to go back to when what is to be read cannot be.</summary>
    private LeadershipPost _before;

    /// <summary>From here on another one may have the lease.</summary>
    private MonoTime _doubtful;

    private bool _isLooking;
    private long? _renewing;
    private MonoTime _lookedAt;
    private MonoTime _nextLook;
    private bool _isAsking;
    private int _misses;
    private MonoTime _nextAsk;

    /// <summary>Who leads, as was said last; null where nobody was named.</summary>
    private string? _leader;

    /// <summary>It has said that it cannot know.</summary>
    private bool _isBlind;

    /// <summary>What the database's silence is about; empty while it answers.</summary>
    private string _why = "";

    public LeadershipPost Post { get; private set; }

    /// <summary>The lease that this controller has, as far as it knows.</summary>
    public long? Token => _token;

    /// <summary>When <see cref="HandleTimeout"/> has something to do, if nothing is answered before.</summary>
    public MonoTime NextTimeout
    {
        get
        {
            var next = _isLooking ? MonoTime.Never : _nextLook;
            if (Post == LeadershipPost.Leads)
                next = MonoTime.Min(next, _doubtful);
            if (Asks && !_isAsking)
                next = MonoTime.Min(next, MonoTime.Max(_doubtful, _nextAsk));
            return next;
        }
    }

    public bool TryPollStep(out LeadershipStep step) => _steps.TryDequeue(out step);

    public void HandleTimeout(MonoTime now)
    {
        if (!_isLooking && now >= _nextLook)
        {
            (_isLooking, _lookedAt, _renewing) = (true, now, _token);
            Do(_token is null ? LeadershipAct.Take : LeadershipAct.Renew, token: _token ?? 0);
        }

        if (Post == LeadershipPost.Leads && IsDoubtful(now))
        {
            if (_why.Length == 0)
                GoAway(Silent);
            Post = LeadershipPost.Doubts;
            Do(LeadershipAct.Doubt, _why);
        }

        if (Asks && IsDoubtful(now) && !_isAsking && now >= _nextAsk)
        {
            _isAsking = true;
            Do(LeadershipAct.AskOthers);
        }
    }

    /// <summary>The answer to <see cref="LeadershipAct.Take"/> or <see cref="LeadershipAct.Renew"/>.</summary>
    public void HandleLease(MonoTime now, LeaseAnswer answer)
    {
        _isLooking = false;
        if (_renewing != _token)
            _nextLook = now;
        else if (answer.Token is { } token)
            Hold(now, token);
        else
            StandBy(now, answer.Holder);
    }

    /// <summary>No answer to one of these.</summary>
    public void HandleSilence(MonoTime now, string why)
    {
        _isLooking = false;
        _nextLook = now + (_token is null ? LookPause : RenewalPause);
        GoAway(why);
        if (Post == LeadershipPost.Doubts && IsDoubtful(now))
            Do(LeadershipAct.Doubt, why);
    }

    /// <summary>The answer to <see cref="LeadershipAct.Load"/>.</summary>
    /// <returns>Whether it is still of use.</returns>
    public bool HandleLoaded(long token)
    {
        if (!Reads(token))
            return false;
        (Post, _leader, _isBlind) = (LeadershipPost.Leads, null, false);
        ComeBack();
        Do(LeadershipAct.Lead, token: token);
        return true;
    }

    /// <summary>What the network has could not be read. Another controller may be able to.</summary>
    public void HandleLoadFailed(long token, string why)
    {
        if (!Reads(token))
            return;
        Post = _before;
        if (Post == LeadershipPost.Stands)
            _token = null;
        GoAway(why);
        Do(LeadershipAct.Release, token: token);
    }

    /// <summary>The store has refused a change, as another one leads since: what this one has in memory is of no use to anybody.</summary>
    public void HandleFenced(MonoTime now, long token)
    {
        if (token != _token)
            return;
        (_token, Post, _leader, _nextLook) = (null, LeadershipPost.Stands, null, now);
    }

    /// <summary>The answer to <see cref="LeadershipAct.AskOthers"/>: who says that it leads; null where nobody does.</summary>
    public void HandleOthers(MonoTime now, string? leader)
    {
        _isAsking = false;
        _nextAsk = now + RenewalPause;
        if (!Asks || !IsDoubtful(now))
            return;
        _misses = leader is null ? _misses + 1 : 0;
        if (leader is null && Post == LeadershipPost.Elsewhere && _misses >= ServiceLimits.LeaderMisses)
        {
            (Post, _leader) = (LeadershipPost.Doubts, null);
            Do(LeadershipAct.Serve, _why);
        }
        else if (leader is not null && (Post == LeadershipPost.Doubts || leader != _leader))
        {
            (Post, _leader) = (LeadershipPost.Elsewhere, leader);
            Do(LeadershipAct.SendElsewhere, leader);
        }
    }

    /// <summary>It has led, and can only ask the others whether it may still.</summary>
    private bool Asks => Post is LeadershipPost.Doubts or LeadershipPost.Elsewhere;

    private bool IsDoubtful(MonoTime now) => now >= _doubtful;

    private bool Reads(long token) => Post == LeadershipPost.Loads && token == _token;

    private void Hold(MonoTime now, long token)
    {
        (_doubtful, _nextLook) = (_lookedAt + Life, now + RenewalPause);

        // Who led elsewhere by its own word has taken nothing since this one led, or this one would have no lease.
        if (_token is null || Post == LeadershipPost.Elsewhere)
        {
            (_token, _before, Post) = (token, Post, LeadershipPost.Loads);
            Do(LeadershipAct.Load, token: token);
            return;
        }

        if (Post == LeadershipPost.Loads)
            return;

        // An answer so late says little: the next one may come in time.
        if (IsDoubtful(now))
        {
            _nextLook = now;
            return;
        }

        Post = LeadershipPost.Leads;
        ComeBack();
    }

    private void StandBy(MonoTime now, string leader)
    {
        _nextLook = now + LookPause;
        if (_token is not null)
        {
            (_token, _nextLook) = (null, now);
            Do(LeadershipAct.Overtaken, leader);
        }

        ComeBack();
        if (Post != LeadershipPost.Stands || leader != _leader)
            Do(LeadershipAct.StandBy, leader);
        (Post, _leader, _isBlind) = (LeadershipPost.Stands, leader, false);
    }

    private void GoAway(string why)
    {
        if (_why.Length == 0)
            Do(LeadershipAct.Away, why);
        _why = why;
        if (Post != LeadershipPost.Stands || _isBlind)
            return;
        (_isBlind, _leader) = (true, null);
        Do(LeadershipAct.StandByBlind, why);
    }

    private void ComeBack()
    {
        if (_why.Length > 0)
            Do(LeadershipAct.Back);
        _why = "";
    }

    private void Do(LeadershipAct act, string text = "", long token = 0) => _steps.Enqueue(new(act, token, text));
}
