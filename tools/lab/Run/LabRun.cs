using System.Diagnostics;
using WeCan.Contracts;
using WeCan.Lab.Daemons;
using WeCan.Lab.Flows;
using WeCan.Lab.Options;
using WeCan.Lab.Play;
using WeCan.Lab.Reports;

namespace WeCan.Lab.Run;

/// <summary>
/// One run from the first process to the last: starts the daemons, waits until every link stands and every flow comes through, warms them up, sends
/// for a while and plays the scenario, waits for what is still under way, and ends the processes whatever happened. Progress goes to whoever watches.
/// </summary>
internal sealed class LabRun(LabOptions options, IRunWatcher watcher) : IAsyncDisposable
{
    private readonly LabNetwork _network = new(options.Plan, options.Scenario);
    private readonly List<LabFlow> _flows = [];
    private readonly List<string> _events = [];
    private readonly Dictionary<string, (TimeSpan Processor, long At)> _used = new(StringComparer.Ordinal);
    private double _lateBefore;
    private long _start;

    /// <summary>From the first process until what counts began.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>How long this machine kept all loops together waiting, while what counts was sent.</summary>
    public double LateSeconds { get; private set; }

    /// <summary>For whoever wants to look further: which way the controller leads each flow, in its own words.</summary>
    public IReadOnlyList<string> Routes { get; private set; } = [];

    /// <summary>Where the logs are, if they are kept.</summary>
    public string Logs => _network.Folder;

    /// <summary>What came out in the end. Cancelled, it stops sending and drains at once.</summary>
    /// <exception cref="LabException">The run could not be made; the message says why. So does a <see cref="Programs.ProgramException"/>.</exception>
    public async Task<LabSnapshot> RunAsync(CancellationToken cancelled)
    {
        var first = Stopwatch.GetTimestamp();
        await _network.StartAsync(watcher.OnStarting, cancelled);
        await AwaitLinksAsync(cancelled);
        StartFlows();
        await AwaitFlowsAsync(cancelled);
        await PauseAsync(LabLimits.WarmUp, cancelled);
        _flows.ForEach(flow => flow.Count());
        _start = Stopwatch.GetTimestamp();
        StartTime = Stopwatch.GetElapsedTime(first);
        var snapshot = await PlayAsync(cancelled);
        _flows.ForEach(flow => flow.Halt());
        Routes = await AskRoutesAsync();
        return await DrainAsync(snapshot);
    }

    /// <summary>Leaves the logs behind, as something is to be looked at.</summary>
    public void KeepLogs() => _network.KeepFolder = true;

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_flows.Select(flow => flow.DisposeAsync().AsTask()));
        await _network.DisposeAsync();
    }

    private void StartFlows()
    {
        foreach (var (serviceClass, from, to) in options.Plan.Flows)
        {
            var flow = new LabFlow(serviceClass, from, to, _network.Ports.Entrances[(serviceClass, from)], _network.Ports.Targets[(serviceClass, from)]);
            _flows.Add(flow);
            flow.Start();
        }
    }

    /// <summary>A scenario may begin with links that are down: then what stands after the bound has to do.</summary>
    private async Task AwaitLinksAsync(CancellationToken cancelled)
    {
        watcher.OnStarting("waiting for links");
        var start = Stopwatch.GetTimestamp();
        var others = options.Plan.Nodes.Count() - 1;
        while ((await LookAsync()).Nodes.Any(node => node.Links < others) && Stopwatch.GetElapsedTime(start) < LabLimits.LinkBound && !cancelled.IsCancellationRequested)
            await PauseAsync(LabLimits.Poll, cancelled);
    }

    private async Task AwaitFlowsAsync(CancellationToken cancelled)
    {
        watcher.OnStarting("waiting for the first messages");
        var start = Stopwatch.GetTimestamp();
        while (_flows.Where(flow => !flow.HasCome).ToList() is { Count: > 0 } dumb && !cancelled.IsCancellationRequested)
        {
            _network.ThrowIfEnded();
            if (Stopwatch.GetElapsedTime(start) > LabLimits.LinkBound)
            {
                throw new LabException($"The network does not stand after {LabLimits.LinkBound.TotalSeconds:0} s: nothing came on "
                    + $"{string.Join(", ", dumb.Select(flow => $"{flow.Class} {flow.From} → {flow.To}"))}.");
            }

            await PauseAsync(LabLimits.Poll, cancelled);
        }
    }

    /// <summary>Sends and plays for the time that was asked for.</summary>
    private async Task<LabSnapshot> PlayAsync(CancellationToken cancelled)
    {
        var end = TimeSpan.FromSeconds(options.Seconds);
        var changes = new Queue<Wan.TimedChange>(options.Scenario.Changes);
        var snapshot = await LookAsync();
        _lateBefore = snapshot.Nodes.Sum(node => node.LateSeconds);
        while (Stopwatch.GetElapsedTime(_start) < end && !cancelled.IsCancellationRequested)
        {
            while (changes.TryPeek(out var next) && next.At.Nanoseconds <= Stopwatch.GetElapsedTime(_start).TotalNanoseconds)
            {
                changes.Dequeue();
                _events.Add(FormattableString.Invariant($"{Stopwatch.GetElapsedTime(_start).TotalSeconds,5:0.0} s  {ChangeText.Of(next.Change, options.Scenario)}"));
                await _network.ApplyAsync(next.Change, CancellationToken.None);
            }

            snapshot = await LookAsync();
            LateSeconds = snapshot.Nodes.Sum(node => node.LateSeconds) - _lateBefore;
            watcher.OnProgress(snapshot);
            var pause = Min(watcher.Interval, end - Stopwatch.GetElapsedTime(_start));
            if (changes.TryPeek(out var coming))
                pause = Min(pause, TimeSpan.FromTicks(coming.At.Nanoseconds / 100) - Stopwatch.GetElapsedTime(_start));
            await PauseAsync(pause, cancelled);
        }

        return snapshot;
    }

    private async Task<LabSnapshot> DrainAsync(LabSnapshot snapshot)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            // The processor's share is of the time while flows went.
            snapshot = snapshot with { Seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds, Flows = [.. _flows.Select(flow => flow.Report())], Events = _events };
            watcher.OnProgress(snapshot);
            _network.ThrowIfEnded();
            var elapsed = Stopwatch.GetElapsedTime(start);
            var isDone = snapshot.Flows.All(flow => flow.Class != ServiceClass.Signal || flow.Received >= flow.Sent || flow.Trouble is not null);
            if (elapsed > LabLimits.DrainBound || (isDone && elapsed > LabLimits.RealtimeDrain))
                return snapshot;
            await Task.Delay(LabLimits.Poll, CancellationToken.None);
        }
    }

    private async Task<LabSnapshot> LookAsync()
    {
        _network.ThrowIfEnded();
        var nodes = await Task.WhenAll(options.Plan.Nodes.Select(LookAtAsync));
        var seconds = _start == 0 ? 0 : Stopwatch.GetElapsedTime(_start).TotalSeconds;
        return new(seconds, nodes, [.. _flows.Select(flow => flow.Report())], [.. _events]);
    }

    private async Task<NodeReport> LookAtAsync(string name)
    {
        var role = options.Plan.RoleOf(name);
        if (!_network.Nodes.TryGetValue(name, out var daemon))
            return new(name, role, 0, Runs: false, 0, IsConnected: false, 0, 0, 0, 0, 0, 0);
        var page = await daemon.ReadAsync(CancellationToken.None);
        var used = daemon.Figures();
        var now = Stopwatch.GetTimestamp();
        double share;
        lock (_used)
        {
            var before = _used.GetValueOrDefault(name, (used.Processor, now));
            var time = Stopwatch.GetElapsedTime(before.Item2, now);
            share = time > TimeSpan.Zero ? Math.Max(0, (used.Processor - before.Item1) / time * 100) : 0;
            _used[name] = (used.Processor, now);
        }

        return new(
            name, role, daemon.Id, Runs: true, (int)page["wecan_links"], page["wecan_control_connected"] > 0, share, used.Memory / (double)(1 << 20), (long)page["wecan_path_forwarded_total"],
            (long)page["wecan_repair_packets_lost_total"], (long)(page["wecan_repair_symbols_resent_total"] + page["wecan_repair_combinations_sent_total"]), page["wecan_driver_late_seconds_total"]);
    }

    /// <summary>In the controller's words, for the flows that go somewhere else.</summary>
    private async Task<IReadOnlyList<string>> AskRoutesAsync()
    {
        var pairs = options.Plan.Flows.Where(flow => flow.Class == ServiceClass.Realtime);
        var answers = await Task.WhenAll(pairs.Select(flow => _network.AskControllerAsync("route", "show", flow.From, flow.To)));
        return [.. answers.Where(answer => answer.Length > 0)];
    }

    private static async Task PauseAsync(TimeSpan time, CancellationToken cancelled)
    {
        if (time > TimeSpan.Zero)
            await Task.Delay(time, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
