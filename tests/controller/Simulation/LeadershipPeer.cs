using WeCan.Contracts;
using WeCan.Controller.Service;
using WeCan.Controller.Store;

namespace WeCan.Controller.Tests.Simulation;

/// <summary>
/// One controller of a <see cref="LeadershipWorld"/>: the core that decides, and beside it what a loop makes of that, with a store that
/// fails and comes back by itself.
/// </summary>
internal sealed class LeadershipPeer(LeadershipWorld world, string name)
{
    private static readonly Duration Commits = Duration.FromMilliseconds(250);
    private static readonly Duration Retry = LeadershipWorld.Of(ServiceLimits.StoreRetry);

    private LeadershipCore _core = new();
    private long _storeToken;
    private int _life;
    private MonoTime _wakes;

    public string Name => name;

    public bool IsAlive { get; private set; }

    public LoopMode Mode { get; private set; }

    public DatabaseWay Way { get; private set; }

    /// <summary>Since when its way to the database is closed.</summary>
    public MonoTime ClosedAt { get; private set; }

    /// <summary>Who leads by what it tells its nodes.</summary>
    public string Leader { get; private set; } = "";

    /// <summary>It has led, and does not know of any leadership since.</summary>
    public bool LedLast => _core.Token is not null && _core.Post != LeadershipPost.Loads;

    public LeadershipPost Post => _core.Post;

    public void Start()
    {
        (_core, IsAlive, Mode, Leader) = (new(), true, LoopMode.StandsBy, "");
        _life++;
        _wakes = MonoTime.Zero;
        Turn();
        Again(Commits, Work);
    }

    public void Kill() => (IsAlive, _life) = (false, _life + 1);

    public void Set(DatabaseWay way)
    {
        if (way != DatabaseWay.Open && Way == DatabaseWay.Open)
            ClosedAt = world.Now;
        Way = way;
    }

    /// <summary>Does something later, if it lives still.</summary>
    private void Again(Duration wait, Action what)
    {
        var life = _life;
        world.At(world.Now + wait, () =>
        {
            if (life != _life)
                return;
            what();
            Turn();
        });
    }

    private void Turn()
    {
        _core.HandleTimeout(world.Now);
        while (_core.TryPollStep(out var step))
            Do(step);
        Assert.True(_core.NextTimeout > world.Now, "It would turn for ever.");
        if (_core.NextTimeout.IsNever || (_wakes > world.Now && _wakes <= _core.NextTimeout))
            return;
        _wakes = _core.NextTimeout;
        Again(_wakes - world.Now, () => { });
    }

    private void Do(LeadershipStep step)
    {
        switch (step.Act)
        {
            case LeadershipAct.Take:
                Ask(() => world.Take(name), StoreLimits.DatabaseAnswer, answer => _core.HandleLease(world.Now, answer), () => _core.HandleSilence(world.Now, "silent"));
                break;
            case LeadershipAct.Renew:
                Ask(() => world.Renew(name, step.Token), StoreLimits.DatabaseAnswer, answer => _core.HandleLease(world.Now, answer), () => _core.HandleSilence(world.Now, "silent"));
                break;
            case LeadershipAct.Load:
                Ask(() => default, StoreLimits.DatabaseLoad, _ => _core.HandleLoaded(step.Token), () => _core.HandleLoadFailed(step.Token, "silent"), world.LoadTime());
                break;
            case LeadershipAct.Release:
                Ask(() => world.Release(step.Token), StoreLimits.DatabaseRelease, _ => { }, () => { });
                break;
            case LeadershipAct.AskOthers:
                var (leader, after) = world.Leads(this);
                Again(after, () => _core.HandleOthers(world.Now, leader));
                break;
            case LeadershipAct.Lead:
                (Mode, _storeToken, Leader) = (LoopMode.Leads, step.Token, name);
                break;
            case LeadershipAct.StandBy or LeadershipAct.SendElsewhere:
                (Mode, Leader) = (LoopMode.StandsBy, step.Text);
                break;
            case LeadershipAct.StandByBlind:
                (Mode, Leader) = (LoopMode.StandsBy, "");
                break;
            case LeadershipAct.Serve:
                Serve();
                break;
            case LeadershipAct.Doubt when Mode == LoopMode.Leads:
                Serve();
                break;
        }
    }

    /// <summary>A question that arrives if the way is open then, and whose answer comes if it is open still; else there is none within the bound.</summary>
    private void Ask(Func<LeaseAnswer> question, TimeSpan bound, Action<LeaseAnswer> answered, Action failed, Duration? takes = null)
    {
        if (Way == DatabaseWay.Refuses)
        {
            Again(world.Delay(), failed);
            return;
        }

        // Without an answer only a connection that stood is left to ask on.
        var (isOver, way, life) = (false, Way, _life);
        var isLost = way == DatabaseWay.Silent && (world.Now > ClosedAt + LeadershipWorld.Of(StoreLimits.DatabaseAnswer) || world.IsLucky());
        Again(LeadershipWorld.Of(bound), () => End(failed));
        world.At(world.Now + (way == DatabaseWay.Open ? world.Delay() : world.LongDelay()), () =>
        {
            if (isLost)
                return;
            var answer = question();
            Again(takes ?? world.Delay(), () =>
            {
                if (life == _life && way == DatabaseWay.Open && Way == DatabaseWay.Open)
                    End(() => answered(answer));
            });
        });

        void End(Action how)
        {
            if (isOver)
                return;
            isOver = true;
            how();
        }
    }

    /// <summary>The loop changes something now and then; what its store says to that it believes at once.</summary>
    private void Work()
    {
        if (Mode == LoopMode.Leads)
        {
            if (Way != DatabaseWay.Open)
                Serve();
            else if (!world.Commit(_storeToken))
                Lose();
        }

        Again(Commits, Work);
    }

    private void Serve()
    {
        (Mode, Leader) = (LoopMode.ReadOnly, name);
        Again(Retry, Recover);
    }

    private void Recover()
    {
        if (Mode != LoopMode.ReadOnly)
            return;
        if (Way != DatabaseWay.Open)
            Again(Retry, Recover);
        else if (world.Commit(_storeToken))
            Mode = LoopMode.Leads;
        else
            Lose();
    }

    private void Lose()
    {
        (Mode, Leader) = (LoopMode.StandsBy, "");
        _core.HandleFenced(world.Now, _storeToken);
    }
}
