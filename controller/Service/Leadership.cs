using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Controller.Store;

namespace WeCan.Controller.Service;

/// <summary>
/// This controller's part among those that share a database: it stands by until the lease is free, then leads with what it loads, and
/// stands by again when another has taken the lease. While the database does not answer it changes nothing, whoever it thinks leads, and
/// asks the others: where one leads that can reach the database, nodes are better off there. <see cref="LeadershipCore"/> decides; this
/// asks and does what that says. Everything that it asks is asked beside its loop and answered within a bound, so the loop itself never
/// waits for a database or for another controller.
/// </summary>
internal sealed class Leadership(PostgresDoor door, PostgresLease lease, ControllerLoop loop, Func<CancellationToken, Task<string?>> others, string id, TimeProvider time, ILogger log)
{
    private readonly LeadershipCore _core = new();
    private readonly Channel<Action> _answers = Channel.CreateBounded<Action>(new BoundedChannelOptions(ServiceLimits.LeadershipAnswers) { SingleReader = true });
    private readonly long _start = time.GetTimestamp();

    /// <summary>The store of a leadership that is being prepared, and what it holds once that was read; null where none is.</summary>
    private PostgresStore? _store;
    private ControllerState? _state;

    public async Task RunAsync(CancellationToken cancellation)
    {
        loop.Overtaken = token => Ask(Task.FromResult(token), lost => _core.HandleFenced(Now, lost), _ => { }, cancellation);
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                while (_answers.Reader.TryRead(out var answer))
                    answer();
                _core.HandleTimeout(Now);
                while (_core.TryPollStep(out var step))
                    Do(step, cancellation);
                await WaitAsync(cancellation);
            }
        }
        finally
        {
            _store?.Dispose();
        }
    }

    /// <summary>Another controller may lead at once. Only when nothing more is committed, and nobody runs this any more.</summary>
    public void Release()
    {
        try
        {
            if (_core.Token is { } token)
                lease.Release(token);
        }
        catch (StoreException)
        {
            // It ends by itself soon.
        }
    }

    private MonoTime Now => new(time.GetElapsedTime(_start).Ticks * 100);

    private void Do(LeadershipStep step, CancellationToken cancellation)
    {
        switch (step.Act)
        {
            case LeadershipAct.Take:
                Ask(lease.TakeAsync(), answer => _core.HandleLease(Now, answer), why => _core.HandleSilence(Now, why), cancellation);
                break;
            case LeadershipAct.Renew:
                Ask(lease.RenewAsync(step.Token), answer => _core.HandleLease(Now, answer), why => _core.HandleSilence(Now, why), cancellation);
                break;
            case LeadershipAct.Load:
                Load(step.Token, cancellation);
                break;
            case LeadershipAct.AskOthers:
                Ask(others(cancellation), leader => _core.HandleOthers(Now, leader), _ => _core.HandleOthers(Now, null), cancellation);
                break;
            case LeadershipAct.Release:
                Ask(lease.ReleaseAsync(step.Token), _ => { }, _ => { }, cancellation);
                break;
            default:
                Tell(step);
                break;
        }
    }

    /// <summary>What the loop becomes, and what the log hears of it.</summary>
    private void Tell(LeadershipStep step)
    {
        switch (step.Act)
        {
            case LeadershipAct.Lead:
                loop.Turn(new(LoopMode.Leads, _state, "", _store));
                (_store, _state) = (null, null);
                ServiceLog.Leads(log, id, step.Token);
                break;
            case LeadershipAct.StandBy:
                loop.Turn(new(LoopMode.StandsBy, null, Sentence(step.Text), null));
                break;
            case LeadershipAct.StandByBlind:
                loop.Turn(new(LoopMode.StandsBy, null, $"Controller {id} stands by, and cannot ask who leads: {step.Text}", null));
                break;
            case LeadershipAct.SendElsewhere:
                ServiceLog.LeadsElsewhere(log, step.Text);
                loop.Turn(new(LoopMode.StandsBy, null, Sentence(step.Text), null));
                break;
            case LeadershipAct.Serve:
                ServiceLog.LeadsNowhere(log);
                loop.Turn(new(LoopMode.ReadOnly, null, step.Text, null));
                break;
            case LeadershipAct.Doubt:
                loop.Doubt(step.Text);
                break;
            case LeadershipAct.Overtaken:
                ServiceLog.Overtaken(log, step.Text);
                break;
            case LeadershipAct.Away:
                ServiceLog.DatabaseAway(log, step.Text);
                break;
            case LeadershipAct.Back:
                ServiceLog.DatabaseBack(log);
                break;
        }
    }

    private string Sentence(string leader) => $"Controller {id} stands by, as {leader} leads: ask that one";

    private void Load(long token, CancellationToken cancellation)
    {
        _store?.Dispose();
        var store = _store = new(door, token);
        var loading = Task.Run(
            () =>
            {
                store.Migrate();
                return store.Load();
            },
            cancellation);
        Ask(loading, state => Loaded(token, state), why => _core.HandleLoadFailed(token, why), cancellation);
    }

    private void Loaded(long token, ControllerState state)
    {
        if (_core.HandleLoaded(token))
            _state = state;
    }

    /// <summary>What comes of it is handed to the core by the loop. A fault is one of the loop.</summary>
    private void Ask<T>(Task<T> asked, Action<T> answered, Action<string> failed, CancellationToken cancellation) => _ = AskAsync(asked, answered, failed, cancellation);

    private async Task AskAsync<T>(Task<T> asked, Action<T> answered, Action<string> failed, CancellationToken cancellation)
    {
        Action answer;
        try
        {
            var result = await asked;
            answer = () => answered(result);
        }
        catch (StoreException problem)
        {
            answer = () => failed(problem.Message);
        }
        catch (Exception fault)
        {
            answer = () => ExceptionDispatchInfo.Throw(fault);
        }

        try
        {
            await _answers.Writer.WriteAsync(answer, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Nobody leads any more.
        }
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        var wait = (_core.NextTimeout - Now).ToTimeSpan();
        if (wait <= TimeSpan.Zero)
            return;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (!_core.NextTimeout.IsNever)
            timer.CancelAfter(wait);
        try
        {
            await _answers.Reader.WaitToReadAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            // The time has come that the core waits for, or the end.
        }
    }
}
