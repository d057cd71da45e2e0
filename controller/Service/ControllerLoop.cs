using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Controller.Core;
using WeCan.Controller.Routing;
using WeCan.Controller.Store;
using WeCan.Hosting.Daemon;
using WeCan.Hosting.Metrics;

namespace WeCan.Controller.Service;

/// <summary>
/// The one loop that owns the core and its store. Others hand it work and get an answer when what the work changed is in the
/// store. It takes what waits as one step, up to a bound, so that a hundred enrolments at once share a few commits. When the
/// store refuses, everybody in the step is told, connections end, and the core is loaded anew from what the store has.
/// </summary>
internal sealed class ControllerLoop
{
    private const int StepsAtOnce = 256;
    private const string HasEnded = "This controller has stopped: ask again when it runs.";

    private readonly Channel<LoopWork> _work = Channel.CreateBounded<LoopWork>(new BoundedChannelOptions(ServiceLimits.WorkWaiting) { SingleReader = true });
    private readonly HashSet<ControlConnection> _connections = [];
    private readonly IControllerStore _store;
    private readonly ControllerOptions _options;
    private readonly CertificateOffice _office;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly long _start;
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStopping;
    private (ControllerCore Asker, Task<RouteTable> Table)? _computing;
    private ControllerCore _core;
    private UnixTime _tokensCountedAt;
    private int _openTokens;

    public ControllerLoop(IControllerStore store, ControllerOptions options, CertificateOffice office, TimeProvider time, ILogger log)
    {
        (_store, _options, _office, _time, _log) = (store, options, office, time, log);
        _start = time.GetTimestamp();
        _core = new(options, office, store.Load(), Statistics.Routes);
    }

    /// <summary>What the loop last saw, for whoever only looks.</summary>
    public LoopStatus Status { get; private set; } = new(0, 0, 0, default, 0);

    public LoopStatistics Statistics { get; } = new();

    /// <summary>
    /// Does something with the core within a step, and returns what it gave once the step is in the store. A
    /// <see cref="StoreException"/> says that it is not.
    /// </summary>
    public async Task<T> Do<T>(Func<ControllerCore, ControllerTime, T> work, CancellationToken cancellation)
    {
        var item = new LoopWork<T>(work);
        await WriteAsync(item, cancellation);
        return await item.Answer.WaitAsync(cancellation);
    }

    /// <summary>Writes what the store holds, with all that was answered so far, into a new store at a path.</summary>
    public async Task CopyStoreAsync(string path, CancellationToken cancellation)
    {
        var copy = new StoreCopy(_store, path);
        await WriteAsync(copy, cancellation);
        await copy.Done.WaitAsync(cancellation);
    }

    /// <summary>Says goodbye to every node, and returns when all of them are gone: those that have not gone in time are let go of.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await Do(
            (core, _) =>
            {
                core.Stop();
                return _isStopping = true;
            },
            cancellation);
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

    private void Step(List<LoopWork> step)
    {
        var now = Now();
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

    /// <summary>There may be many tokens, and nothing hangs on their number: they are counted once a second.</summary>
    private void Look(ControllerTime now)
    {
        if (now.Wall != _tokensCountedAt)
            (_tokensCountedAt, _openTokens) = (now.Wall, _core.Tokens.Count(token => token.LetsIn(now.Wall)));
        Status = new(_core.Members.Count, _connections.Count, _openTokens, _core.History.Version, _core.Routing.Reporting);
    }

    private void Commit(StoreTransaction transaction)
    {
        var start = _time.GetTimestamp();
        _store.Commit(transaction);
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
                _core.FinishRoutes(table);
        }

        if (_computing is not null || _core.TakeRouteWork(now) is not { } work)
            return;
        var computing = Task.Run(() =>
        {
            var start = _time.GetTimestamp();
            var table = work.Run();
            Statistics.RouteTime.Record(_time.GetElapsedTime(start).TotalSeconds);
            return table;
        });
        _computing = (_core, computing);
        _ = computing.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Fail(List<LoopWork> step, StoreException problem)
    {
        ServiceLog.StoreFailed(_log, problem.Message);
        foreach (var item in step)
            item.Finish(problem);
        Abandon();
        _connections.Clear();
        _core = new(_options, _office, _store.Load(), Statistics.Routes);
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        var wait = (_core.NextTimeout - Now().Mono).ToTimeSpan();
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

    private ControllerTime Now() => new(new MonoTime(_time.GetElapsedTime(_start).Ticks * 100), UnixTime.From(_time.GetUtcNow()));
}
