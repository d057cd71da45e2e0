using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Controller.Core;
using WeCan.Controller.Inspection;
using WeCan.Controller.Routing;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Routing.Health;
using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Metrics;

namespace WeCan.Controller.Service;

/// <summary>
/// The one loop that owns the core and its store. Others hand it work and get an answer when what the work changed is in the
/// store. It takes what waits as one step, up to a bound, so that a hundred enrolments at once share a few commits. When the
/// store refuses, everybody in the step is told, connections end, and another core takes the place of this one, with what was committed:
/// it serves nodes and changes nothing until the store can be read and written again (<see cref="LoopMode.ReadOnly"/>). Where several
/// controllers share a store, one of them leads, and is told by <see cref="Lead"/>.
/// </summary>
internal sealed class ControllerLoop : IDisposable
{
    private const int StepsAtOnce = 256;
    private const string HasEnded = "This controller has stopped: ask again when it runs.";

    private readonly Channel<LoopWork> _work = Channel.CreateBounded<LoopWork>(new BoundedChannelOptions(ServiceLimits.WorkWaiting) { SingleReader = true });
    private readonly HashSet<ControlConnection> _connections = [];
    private readonly ControllerOptions _options;
    private readonly CertificateOffice _office;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly LoopClock _clock;
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStopping;
    private IControllerStore? _store;
    private LoopTurn? _turn;
    private ControllerState _kept;
    private string _why = "";
    private Task<ControllerState?>? _recovering;
    private (ControllerCore Asker, Task<RouteTable> Table)? _computing;
    private ControllerCore _core;
    private UnixTime _countedAt;
    private int _openTokens;
    private int _maintained;

    /// <param name="state">What the controller knows from the start.</param>
    /// <param name="begins">Whether it leads then.</param>
    public ControllerLoop(ControllerState state, LoopTurn begins, ControllerOptions options, CertificateOffice office, TimeProvider time, ILogger log)
    {
        (_options, _office, _time, _log) = (options, office, time, log);
        _clock = new(time);
        (_kept, _core) = (state, null!);
        Become(begins);
    }

    /// <summary>A loop that leads from the start, with what the store holds.</summary>
    public static ControllerLoop Leading(IControllerStore store, ControllerOptions options, CertificateOffice office, TimeProvider time, ILogger log) =>
        new(store.Load(), new(LoopMode.Leads, null, "", store), options, office, time, log);

    /// <summary>Other threads may read it, and see what was so a moment ago.</summary>
    public LoopMode Mode { get; private set; }

    /// <summary>Why it does not lead, as a sentence; empty where it does.</summary>
    public string Trouble => Volatile.Read(ref _why);

    /// <summary>What the loop last saw, for whoever only looks.</summary>
    public LoopStatus Status { get; private set; } = new(0, 0, 0, default, 0, 0, 0, new(0, 0, 0), false);

    public LoopStatistics Statistics { get; } = new();

    /// <summary>Called after each step, to look at what the core is then.</summary>
    public Action<ControllerCore, ControllerTime>? Looked { get; set; }

    /// <summary>Called when the store says that another controller leads since, with the lease that counts no more. From any thread.</summary>
    public Action<long>? Overtaken { get; set; }

    /// <summary>
    /// Does something with the core within a step, and returns what it gave once the step is in the store. A
    /// <see cref="StoreException"/> says that it is not.
    /// </summary>
    public Task<T> Do<T>(Func<ControllerCore, ControllerTime, T> work, CancellationToken cancellation) => Do(new LoopWork<T>(work, changes: false), cancellation);

    /// <summary>The same for what changes something, and is refused with a <see cref="StoreException"/> while nothing can be kept.</summary>
    public Task<T> Change<T>(Func<ControllerCore, ControllerTime, T> work, CancellationToken cancellation) => Do(new LoopWork<T>(work, changes: true), cancellation);

    /// <summary>From the next step on this controller leads, or stands by. Who is connected has to connect anew.</summary>
    public void Turn(LoopTurn turn)
    {
        Interlocked.Exchange(ref _turn, turn)?.Store?.Dispose();
        Wake();
    }

    /// <summary>The store may not answer, or be another controller's by now: nothing changes until it can be written again.</summary>
    public void Doubt(string why)
    {
        // A turn that is to be taken still comes of a word with the database that is newer than the doubt's cause.
        if (Mode == LoopMode.Leads)
            Interlocked.CompareExchange(ref _turn, new(LoopMode.ReadOnly, null, why, null), null);
        Wake();
    }

    /// <summary>Writes what the store holds, with all that was answered so far, into a new store at a path.</summary>
    public async Task CopyStoreAsync(string path, CancellationToken cancellation)
    {
        var copy = new StoreCopy(() => _kept, path);
        await WriteAsync(copy, cancellation);
        await copy.Done.WaitAsync(cancellation);
    }

    /// <summary>Says goodbye to every node, and returns when all of them are gone: those that have not gone in time are let go of.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        try
        {
            await Do(
                (core, _) =>
                {
                    core.Stop();
                    return _isStopping = true;
                },
                cancellation);
        }
        catch (StoreException)
        {
            // The loop has ended already, and nobody is left to say goodbye to.
            return;
        }

        try
        {
            await _empty.Task.WaitAsync(ServiceLimits.StopTime, _time, cancellation);
        }
        catch (TimeoutException)
        {
            await Do((_, _) => Abandon(), cancellation);
            await _empty.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>From here on the connection's frames are polled after each step.</summary>
    public void Attach(ControlConnection connection) => _connections.Add(connection);

    public void Detach(ControlConnection connection) => _connections.Remove(connection);

    /// <summary>Polls the connection's frames soon: it has room for more.</summary>
    public void Wake() => _work.Writer.TryWrite(LoopWork.Nothing);

    public async Task RunAsync(LoopPulse? pulse, CancellationToken cancellation)
    {
        var step = new List<LoopWork>();
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                await WaitAsync(cancellation);
                pulse?.Turn();
                while (step.Count < StepsAtOnce && _work.Reader.TryRead(out var item))
                    step.Add(item);
                Step(step);
                step.Clear();
            }
        }
        finally
        {
            // However it ended: who still waits for a step would wait for ever.
            _work.Writer.TryComplete();
            while (_work.Reader.TryRead(out var item))
                step.Add(item);
            step.ForEach(item => item.Finish(new StoreException(HasEnded)));
        }
    }

    private async Task<T> Do<T>(LoopWork<T> item, CancellationToken cancellation)
    {
        await WriteAsync(item, cancellation);
        return await item.Answer.WaitAsync(cancellation);
    }

    private async Task WriteAsync(LoopWork item, CancellationToken cancellation)
    {
        try
        {
            await _work.Writer.WriteAsync(item, cancellation);
        }
        catch (ChannelClosedException ended)
        {
            throw new StoreException(HasEnded, ended);
        }
    }

    /// <summary>Cuts every connection, whatever its node does.</summary>
    private int Abandon()
    {
        foreach (var connection in _connections)
            connection.Abandon();
        return _connections.Count;
    }

    /// <summary>Once the loop has ended: lets go of the store.</summary>
    public void Dispose() => _store?.Dispose();

    private void Step(List<LoopWork> step)
    {
        var now = _clock.Now();
        TakeTurn();
        if (Mode != LoopMode.Leads)
            Refuse(step);
        foreach (var item in step)
            item.Run(_core, now);
        _core.HandleTimeout(now);
        try
        {
            if (_core.TakeTransaction() is { } transaction)
                Commit(transaction);
        }
        catch (StoreException problem)
        {
            Fail(step, problem);
            return;
        }

        Route(now);

        // Frames first: a connection whose reader hears that its session is over must find the goodbye among them.
        foreach (var connection in _connections)
            connection.Pump(_core, now);
        foreach (var item in step)
            item.Finish(null);
        if (_isStopping && _connections.Count == 0)
            _empty.TrySetResult();
        Look(now);
    }

    /// <summary>There may be many tokens and nodes, and nothing hangs on their number: they are counted once a second.</summary>
    private void Look(ControllerTime now)
    {
        if (now.Wall != _countedAt)
            (_countedAt, _openTokens, _maintained) = (now.Wall, _core.Tokens.Count(token => token.LetsIn(now.Wall)), _core.Routing.CountMaintained());
        Status = new(_core.Members.Count, _connections.Count, _openTokens, _core.History.Version, _core.Routing.Reporting, _core.Routing.Health.Out.Count, _maintained, InspectionReports.WithoutWay(_core), Mode == LoopMode.Leads);
        Looked?.Invoke(_core, now);
    }

    private void Commit(StoreTransaction transaction)
    {
        var start = _time.GetTimestamp();
        if (Mode != LoopMode.Leads)
            throw new InvalidOperationException("Something was changed that cannot be kept.");
        _store!.Commit(transaction);
        _kept.Apply(transaction);
        Statistics.Committed(_time.GetElapsedTime(start));
    }

    /// <summary>
    /// Routes are reckoned on another thread, as nodes are served meanwhile, one computation at a time. What comes of it is for the core
    /// that asked: another may have taken its place. A fault in it is one of the loop.
    /// </summary>
    private void Route(ControllerTime now)
    {
        if (_computing is { Table.IsCompleted: true } done)
        {
            _computing = null;
            var table = done.Table.GetAwaiter().GetResult();
            if (done.Asker == _core)
                _core.FinishRoutes(now, table);
        }

        if (_computing is not null)
            return;
        var taken = _core.TakeRouteWork(now);
        RoutingNews.Tell(_log, _core);
        if (taken is not { } work)
            return;
        var computing = Task.Run(() =>
        {
            var start = _time.GetTimestamp();
            var table = work.Run();
            Statistics.RouteTime.Record(_time.GetElapsedTime(start).TotalSeconds);
            return table;
        });
        _computing = (_core, computing);
        WakeAfter(computing);
    }

    private void Fail(List<LoopWork> step, StoreException problem)
    {
        ServiceLog.StoreFailed(_log, problem.Message);
        Become(new(problem.IsFenced ? LoopMode.StandsBy : LoopMode.ReadOnly, null, problem.Message, null));
        foreach (var item in step)
            item.Finish(item.Changes ? problem.OfChange : problem);
        if (problem.IsFenced)
            Overtaken?.Invoke(problem.Lease);
    }

    /// <summary>What changes something is told why nothing can be changed; the rest is left.</summary>
    private void Refuse(List<LoopWork> step)
    {
        var problem = new StoreException(_why);
        step.RemoveAll(item =>
        {
            if (item.Changes)
                item.Finish(problem);
            return item.Changes;
        });
    }

    /// <summary>Another core, with what was committed; who is connected has to connect anew.</summary>
    private void Become(LoopTurn turn)
    {
        Abandon();
        _connections.Clear();
        _kept = turn.State ?? _kept;
        if (turn.Store is not null)
        {
            _store?.Dispose();
            _store = turn.Store;
        }

        Mode = turn.Mode;
        Volatile.Write(ref _why, turn.Why);
        var options = _options with { IsReadOnly = turn.Mode != LoopMode.Leads, StandsBy = turn.Mode == LoopMode.StandsBy ? turn.Why : "" };
        _core = new(options, _office, _kept, Statistics.Routes);
        if (!_core.HoldsPolicy)
            ServiceLog.PolicyUnknown(_log, _core.Policies.Newest.Version);
        if (_isStopping)
            _core.Stop();
        if (turn.Mode == LoopMode.ReadOnly)
            Recover();
    }

    /// <summary>What others have asked for, or the store that is back.</summary>
    private void TakeTurn()
    {
        if (_recovering is { IsCompleted: true } done)
        {
            _recovering = null;
            if (Mode == LoopMode.ReadOnly && done.GetAwaiter().GetResult() is { } state)
            {
                ServiceLog.StoreBack(_log);
                Become(new(LoopMode.Leads, state, "", null));
            }
        }

        // While the store is tried it is in the hands of another thread.
        if (_recovering is null && Interlocked.Exchange(ref _turn, null) is { } turn)
            Become(turn);
        if (_recovering is null && Mode == LoopMode.ReadOnly)
            Recover();
    }

    private void Recover()
    {
        _recovering = Task.Run(RecoverAsync);
        WakeAfter(_recovering);
    }

    /// <summary>Beside the loop, which leaves the store alone meanwhile: null where it still cannot be read and written.</summary>
    private async Task<ControllerState?> RecoverAsync()
    {
        try
        {
            await Task.Delay(ServiceLimits.StoreRetry, _time);

            // In this order: what is loaded by who may write afterwards is the newest there is.
            _store!.Probe();
            return _store.Load();
        }
        catch (StoreException problem)
        {
            if (!problem.IsFenced)
                return null;
            Interlocked.CompareExchange(ref _turn, new(LoopMode.StandsBy, null, problem.Message, null), null);
            Overtaken?.Invoke(problem.Lease);
            return null;
        }
    }

    private void WakeAfter(Task work) => _ = work.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private async Task WaitAsync(CancellationToken cancellation)
    {
        var wait = (_core.NextTimeout - _clock.Now().Mono).ToTimeSpan();
        wait = TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, ServiceLimits.LoopTurn.Ticks));
        if (wait == TimeSpan.Zero)
            return;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(wait);
        try
        {
            await _work.Reader.WaitToReadAsync(timer.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The time has come that the core waits for.
        }
    }
}
